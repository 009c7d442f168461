package torrefy.tensor.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import torrefy.core.backend.Backend;
import torrefy.core.random.RandomKey;
import torrefy.tensor.Columns;
import torrefy.tensor.Tensor;

class OpGradientTest {

    @TestFactory
    Stream<DynamicTest> gradientsMatchFiniteDifferences() {
        return eachCase((opCase, backend) -> {
            if (opCase.smooth()) {
                FiniteDifferences.check(opCase, backend);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> gradientsAreAddedToWhatIsThere() {
        return eachCase((opCase, backend) -> {
            List<Tensor> in = opCase.tensors(backend);
            opCase.function().apply(in).backward(ones(opCase, backend));
            List<float[]> once = gradients(in);
            opCase.function().apply(in).backward(ones(opCase, backend));
            for (float[] gradient : once) {
                for (int i = 0; i < gradient.length; i++) {
                    gradient[i] *= 2;
                }
            }
            requireClose(once, gradients(in));
        });
    }

    /// Also the gradient of a result may be a view: here the result is permuted, and so is what comes back.
    @TestFactory
    Stream<DynamicTest> gradientsOfAPermutedResultAreTheSame() {
        return eachCase((opCase, backend) -> {
            List<Tensor> in = opCase.tensors(backend);
            Tensor out = opCase.function().apply(in);
            Tensor dOut = Tensor.normal(backend, RandomKey.of(4), out.shape().sizes());
            out.backward(dOut);
            List<Tensor> again = opCase.tensors(backend);
            int[] reversed = new int[out.rank()];
            Arrays.setAll(reversed, axis -> reversed.length - 1 - axis);
            opCase.function().apply(again).permute(reversed).backward(dOut.permute(reversed));
            requireClose(gradients(in), gradients(again));
        });
    }

    private static Stream<DynamicTest> eachCase(BiConsumer<OpCase, Backend> test) {
        return Columns.all().stream()
                .flatMap(backend -> OpCases.all().stream()
                        .map(opCase -> DynamicTest.dynamicTest(
                                opCase + " on " + backend.name(), () -> test.accept(opCase, backend))));
    }

    private static Tensor ones(OpCase opCase, Backend backend) {
        Tensor out = opCase.function().apply(opCase.tensors(backend));
        return Tensor.full(backend, 1, out.shape().sizes());
    }

    private static List<float[]> gradients(List<Tensor> in) {
        return in.stream()
                .filter(Tensor::requiresGradient)
                .map(tensor -> tensor.gradient().toFloats())
                .toList();
    }

    /// Sums may be added up in another order: 32 roundings of the largest.
    private static void requireClose(List<float[]> expected, List<float[]> actual) {
        for (int k = 0; k < expected.size(); k++) {
            float largest = 0;
            for (float value : expected.get(k)) {
                largest = Math.max(largest, Math.abs(value));
            }
            assertArrayEquals(expected.get(k), actual.get(k), 32 * 0x1p-24f * largest, "gradient " + k);
        }
    }

    /// The ops are taken from the graphs that were really checked, not from what a case says about itself.
    @Test
    void everyPermittedOpHasAGradientCheck() {
        Set<String> unchecked = new TreeSet<>();
        Set<Class<?>> checked = new HashSet<>();
        for (OpCase opCase : OpCases.all()) {
            if (opCase.smooth()) {
                checked.addAll(FiniteDifferences.check(opCase, Columns.scalar()));
            }
        }
        for (Class<?> op : Op.class.getPermittedSubclasses()) {
            if (checked.stream().noneMatch(op::isAssignableFrom)) {
                unchecked.add(op.getSimpleName());
            }
        }
        assertEquals(Set.of(), unchecked, "ops without a case in OpCases");
    }
}
