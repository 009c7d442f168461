package torrefy.tensor.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.Backend;
import torrefy.core.memory.NdArray;
import torrefy.core.random.RandomKey;
import torrefy.tensor.Columns;
import torrefy.tensor.GradientMode;
import torrefy.tensor.Parameter;
import torrefy.tensor.Tensor;

class RecomputationTest {

    private final Backend backend = Columns.scalar();
    private final Parameter weight = new Parameter(
            "w", backend, Tensor.normal(backend, RandomKey.of(1), 5, 5).data(), NdArray.of(new float[25], 5, 5));
    private final Tensor start = Tensor.normal(backend, RandomKey.of(2), 3, 5).withGradient();

    private Tensor block(Tensor x) {
        return x.linear(weight, null).gelu().dropout(0.5f, RandomKey.of(3)).add(x);
    }

    @Test
    void valuesAndGradientsHaveTheSameBitsAsWithout() {
        float[] value = run(this::block);
        float[] dStart = start.gradient().toFloats();
        float[] dWeight = weight.gradient().toFloats();
        start.zeroGradient();
        weight.zeroGradient();
        assertArrayEquals(value, run(x -> Recomputation.apply(in -> block(in.get(0)), x)));
        assertArrayEquals(dStart, start.gradient().toFloats());
        assertArrayEquals(dWeight, weight.gradient().toFloats());
    }

    @Test
    void recomputationsMayBeNested() {
        float[] value = run(this::block);
        float[] dWeight = weight.gradient().toFloats();
        weight.zeroGradient();
        Function<Tensor, Tensor> inner = x -> Recomputation.apply(in -> block(in.get(0)), x);
        assertArrayEquals(value, run(x -> Recomputation.apply(in -> inner.apply(in.get(0)), x)));
        assertArrayEquals(dWeight, weight.gradient().toFloats());
    }

    @Test
    void inputThatIsUsedOutsideTooGetsBothGradients() {
        Tensor x = Tensor.of(backend, new float[] {1, 2, 3}).withGradient();
        Tensor computed = x.multiply(2);
        Recomputation.apply(in -> in.get(0).multiply(in.get(0)), computed)
                .add(computed)
                .sum()
                .backward();
        // d((2x)² + 2x) = 8x + 2
        assertArrayEquals(new float[] {10, 18, 26}, x.gradient().toFloats());
    }

    /// Three layers whose inputs are computed.
    private float[] run(Function<Tensor, Tensor> layer) {
        Tensor x = start;
        for (int i = 0; i < 3; i++) {
            x = layer.apply(x.tanh());
        }
        x.multiply(x).sum().backward();
        return x.toFloats();
    }

    @Test
    void graphHoldsTheSegmentsInputsAlone() {
        Tensor out = Recomputation.apply(in -> block(in.get(0)), start);
        assertEquals(Set.of(Recomputation.class), FiniteDifferences.opsBehind(out));
    }

    @Test
    void parametersInsideGetGradientsEvenIfNoInputWantsOne() {
        Tensor ids = Tensor.of(backend, new int[] {1, 3, 1});
        Recomputation.apply(in -> weight.embedding(in.get(0)), ids).sum().backward();
        float[] expected = new float[25];
        for (int c = 0; c < 5; c++) {
            expected[5 + c] = 2;
            expected[15 + c] = 1;
        }
        assertArrayEquals(expected, weight.gradient().toFloats());
    }

    @Test
    void parameterMayBeInputAndUsedInside() {
        Recomputation.apply(in -> in.get(0).multiply(weight), weight).sum().backward();
        float[] expected = weight.toFloats();
        for (int i = 0; i < expected.length; i++) {
            expected[i] *= 2;
        }
        assertArrayEquals(expected, weight.gradient().toFloats());
    }

    @Test
    void sameTensorMayBeTwoInputs() {
        Tensor x = start.multiply(1);
        Recomputation.apply(in -> in.get(0).multiply(in.get(1)), x, x).sum().backward();
        float[] expected = start.toFloats();
        for (int i = 0; i < expected.length; i++) {
            expected[i] *= 2;
        }
        assertArrayEquals(expected, start.gradient().toFloats());
    }

    @Test
    void segmentMayReturnItsInput() {
        Tensor x = start.multiply(2);
        Recomputation.apply(in -> in.get(0), x).sum().backward();
        assertArrayEquals(
                Tensor.full(backend, 2, 3, 5).toFloats(), start.gradient().toFloats());
        Recomputation.apply(in -> in.get(0), start).sum().backward();
        assertArrayEquals(
                Tensor.full(backend, 3, 3, 5).toFloats(), start.gradient().toFloats());
    }

    @Test
    void segmentIsRunOnceInForwardAndOnceInBackward() {
        AtomicInteger runs = new AtomicInteger();
        Function<List<Tensor>, Tensor> counted = in -> {
            runs.incrementAndGet();
            return in.get(0).exp();
        };
        Tensor out = Recomputation.apply(counted, start).sum();
        assertEquals(1, runs.get());
        out.backward();
        assertEquals(2, runs.get());
    }

    @Test
    void nothingIsRecordedIfGradientsAreOff() {
        Tensor out = GradientMode.off(() -> Recomputation.apply(in -> block(in.get(0)), start));
        assertNull(out.origin());
        assertNull(start.gradient());
    }
}
