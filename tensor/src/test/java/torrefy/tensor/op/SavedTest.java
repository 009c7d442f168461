package torrefy.tensor.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import torrefy.core.backend.Backend;
import torrefy.core.memory.Arena;
import torrefy.core.memory.DataType;
import torrefy.core.random.RandomKey;
import torrefy.tensor.Columns;
import torrefy.tensor.GradientMode;
import torrefy.tensor.Tensor;

class SavedTest {

    private final Backend backend = Columns.scalar();
    private final Tensor x = Tensor.normal(backend, RandomKey.of(1), 3, 5).withGradient();
    private final Tensor weight = Tensor.normal(backend, RandomKey.of(2), 5, 5).withGradient();

    private static Saved in(Tensor linear) {
        return ((Linear) linear.origin()).in();
    }

    @Test
    void whatSeveralOpsKeepIsCopiedOnce() {
        Saved.as(DataType.BF16, () -> {
            Tensor first = x.linear(weight, null);
            Tensor second = x.linear(weight, null);
            assertEquals(DataType.BF16, in(first).kept().type());
            assertSame(in(first).kept(), in(second).kept());
            assertSame(x, in(second).original());
            return null;
        });
        assertSame(x, in(x.linear(weight, null)).kept(), "outside the tensor itself is kept");
        assertSame(x, Saved.as(DataType.F32, () -> in(x.linear(weight, null)).kept()));
        assertSame(
                x,
                Saved.as(DataType.BF16, () -> GradientMode.off(() -> Saved.of(x)))
                        .kept());
        assertThrows(IllegalArgumentException.class, () -> Saved.as(DataType.I32, () -> x));
    }

    @Test
    void aTensorThatChangedOrWhoseCopyWentBackIsCopiedAnew() {
        new Arena(backend::allocate)
                .step(() -> Saved.as(DataType.BF16, () -> {
                    Tensor early = x.linear(weight, null);
                    Saved before = in(early);
                    x.detach().fillInPlace(1);
                    Tensor late = x.linear(weight, null);
                    assertNotSame(before.kept(), in(late).kept());
                    early.sum().backward();
                    Saved once = in(late);
                    late.sum().backward();
                    Tensor last = x.linear(weight, null);
                    assertNotSame(once.kept(), in(last).kept());
                    last.sum().backward();
                    return null;
                }));
    }

    /// Rounding moves a value by 2⁻⁹ of itself at most; the gradients here are of the order of 1 and made of few.
    @TestFactory
    Stream<DynamicTest> gradientsAreNearThoseOfFloats() {
        return Columns.all().stream()
                .flatMap(each -> OpCases.all().stream()
                        .filter(OpCase::smooth)
                        .map(opCase ->
                                DynamicTest.dynamicTest(opCase + " on " + each.name(), () -> compare(opCase, each))));
    }

    private static void compare(OpCase opCase, Backend backend) {
        List<Tensor> floats = opCase.tensors(backend);
        Tensor expected = opCase.function().apply(floats);
        expected.backward(Tensor.full(backend, 1, expected.shape().sizes()));
        List<Tensor> halves = opCase.tensors(backend);
        new Arena(backend::allocate).step(() -> {
            Tensor actual = Saved.as(
                    DataType.BF16, () -> Tensor.lean(() -> opCase.function().apply(halves)));
            assertArrayEquals(expected.toFloats(), actual.toFloats(), "forward computes with floats");
            actual.backward(Tensor.full(backend, 1, expected.shape().sizes()));
            return null;
        });
        for (int i = 0; i < floats.size(); i++) {
            if (floats.get(i).requiresGradient()) {
                float[] wanted = floats.get(i).gradient().toFloats();
                float[] got = halves.get(i).gradient().toFloats();
                float largest = 1;
                for (float value : wanted) {
                    largest = Math.max(largest, Math.abs(value));
                }
                for (int k = 0; k < wanted.length; k++) {
                    assertTrue(Math.abs(wanted[k] - got[k]) <= 16 * 0x1p-9 * largest, wanted[k] + " and " + got[k]);
                }
            }
        }
    }
}
