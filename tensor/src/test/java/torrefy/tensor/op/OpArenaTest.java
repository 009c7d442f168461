package torrefy.tensor.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import torrefy.core.backend.Backend;
import torrefy.core.memory.Arena;
import torrefy.tensor.Columns;
import torrefy.tensor.Tensor;

/// Whether ops write all that they read: in an arena that was reset, memory holds NaN where fresh memory holds zeros,
/// and nothing else may differ.
class OpArenaTest {

    @TestFactory
    Stream<DynamicTest> valuesAndGradientsInUsedMemoryHaveTheSameBitsAsInFreshMemory() {
        return Columns.all().stream()
                .flatMap(backend -> OpCases.all().stream()
                        .map(opCase -> DynamicTest.dynamicTest(
                                opCase + " on " + backend.name(), () -> compareSteps(opCase, backend))));
    }

    private static void compareSteps(OpCase opCase, Backend backend) {
        List<float[]> fresh = valueAndGradients(opCase, backend);
        Arena arena = new Arena(backend::allocate);
        for (int step = 0; step < 3; step++) {
            List<float[]> used = arena.step(() -> valueAndGradients(opCase, backend));
            for (int i = 0; i < fresh.size(); i++) {
                assertArrayEquals(fresh.get(i), used.get(i), "step " + step + (i == 0 ? ", value" : ", a gradient"));
            }
        }
    }

    /// In a lean computation of inputs that were computed, too, what no op says it saved is NaN by the time of
    /// backward.
    private static List<float[]> valueAndGradients(OpCase opCase, Backend backend) {
        List<Tensor> in = opCase.tensors(backend);
        Tensor out = Tensor.lean(() -> opCase.function()
                .apply(in.stream()
                        .map(tensor -> tensor.requiresGradient() ? tensor.multiply(1) : tensor)
                        .toList()));
        List<float[]> results = new ArrayList<>();
        results.add(out.toFloats());
        out.backward(Tensor.full(backend, 1, out.shape().sizes()));
        for (Tensor tensor : in) {
            if (tensor.requiresGradient()) {
                results.add(tensor.gradient().toFloats());
            }
        }
        return results;
    }
}
