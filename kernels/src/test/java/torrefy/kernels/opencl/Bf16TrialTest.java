package torrefy.kernels.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.MatmulKernels;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;

/// The trial in this process, of products that need no door.
class Bf16TrialTest {

    private static Queue queue;

    @BeforeAll
    static void open() {
        Optional<String> reason = new OpenClBackendProvider().whyUnavailable();
        assumeTrue(reason.isEmpty(), () -> "no OpenCL device: " + reason.get());
        queue = new Queue(Devices.suitable().get(0));
    }

    @AfterAll
    static void close() {
        if (queue != null) {
            queue.close();
        }
    }

    @Test
    void rightProductsAreFoundRight() {
        int units = queue.device().units();
        assertEquals(Verdict.FAVOURABLE, Bf16Trial.verdict(queue, Bf16NvidiaMatmul.emulated(queue, units)));
    }

    /// Each is another program, or another path through it.
    @Test
    void productsThatAreWrongInOneCaseAloneAreFoundWrong() {
        assertWrong(product -> product.b.buffer().type() == DataType.BF16);
        assertWrong(product -> product.b.buffer().type() == DataType.F32);
        assertWrong(product -> product.a.stride(-1) == 1);
        assertWrong(product -> product.a.stride(-1) > 1);
        assertWrong(product -> product.out.size(-1) > 128);
        assertWrong(product -> product.out.size(-1) < 128);
    }

    private record Product(NdArray out, NdArray a, NdArray b) {}

    private static void assertWrong(Predicate<Product> isWrong) {
        MatmulKernels right = new OpenClMatmul(queue, new CpuTiles(8, 32, 256));
        // Twice the product, where it is to be wrong.
        MatmulKernels kernels = (out, a, b, accumulate) -> {
            right.matmul(out, a, b, accumulate);
            if (isWrong.test(new Product(out, a, b))) {
                right.matmul(out, a, b, true);
            }
        };
        assertEquals(Verdict.closed("its products are wrong"), Bf16Trial.verdict(queue, kernels));
    }
}
