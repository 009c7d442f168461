package torrefy.model.optimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.core.memory.NdArray;
import torrefy.core.random.Distributions;
import torrefy.core.random.RandomKey;
import torrefy.model.EveryBackend;
import torrefy.model.layer.ParameterSpace;
import torrefy.tensor.Parameter;
import torrefy.tensor.Tensor;

class AdamWTest {

    private static final AdamW.Settings SETTINGS = new AdamW.Settings(0.8f, 0.95f, 1e-6f, 0.1f);

    /// The algorithm in double precision. A step moves a weight by about the learning rate, 0.01, and adds a rounding
    /// of the weight's own size, at most 4·6e-8; over seven steps that stays below 1e-6 a unit of weight.
    @EveryBackend
    void stepsAreThoseOfTheAlgorithm(String backendName) {
        try (Backend backend = Backends.create(backendName, 2)) {
            ParameterSpace space = new ParameterSpace(backend, 1);
            space.normal("matrix.weight", 1, 31, 13);
            space.normal("vector.bias", 1, 207);
            space.constant("cube", 0.5f, 2, 3, 4);
            AdamW optimizer = new AdamW(space, SETTINGS);
            double[][][] state = space.all().stream()
                    .map(parameter -> new double[][] {
                        doubles(parameter.toFloats()),
                        new double[parameter.shape().elements()],
                        new double[parameter.shape().elements()]
                    })
                    .toArray(double[][][]::new);
            for (int step = 1; step <= 7; step++) {
                float rate = 0.01f * step;
                float scale = step % 2 == 0 ? 0.3f : 1;
                for (int p = 0; p < state.length; p++) {
                    Parameter parameter = space.all().get(p);
                    float[] gradient = gradient(parameter, step);
                    double decay = parameter.rank() >= 2 ? 0.1f : 0;
                    naive(state[p], gradient, rate, decay, scale, step);
                }
                optimizer.step(rate, scale);
                assertEquals(step, optimizer.steps());
                for (int p = 0; p < state.length; p++) {
                    Parameter parameter = space.all().get(p);
                    assertArrayEquals(state[p][0], doubles(parameter.toFloats()), 5e-6, parameter.name());
                    assertArrayEquals(
                            new float[state[p][0].length], parameter.gradient().toFloats(), parameter.name());
                }
            }
        }
    }

    /// `m ← β₁m + (1 − β₁)g`, `v ← β₂v + (1 − β₂)g²`, `w ← w − η(λw + m̂/(√v̂ + ε))`.
    private static void naive(
            double[][] weightsAndMoments, float[] gradient, float rate, double decay, float scale, int step) {
        double[] w = weightsAndMoments[0];
        double[] m = weightsAndMoments[1];
        double[] v = weightsAndMoments[2];
        double beta1 = 0.8f;
        double beta2 = 0.95f;
        for (int i = 0; i < w.length; i++) {
            double g = (double) gradient[i] * scale;
            m[i] = beta1 * m[i] + (1 - beta1) * g;
            v[i] = beta2 * v[i] + (1 - beta2) * g * g;
            double mHat = m[i] / (1 - Math.pow(beta1, step));
            double vHat = v[i] / (1 - Math.pow(beta2, step));
            w[i] -= rate * (decay * w[i] + mHat / (Math.sqrt(vHat) + 1e-6));
        }
    }

    /// Fresh normal numbers as the gradient, some zeros among them.
    private static float[] gradient(Parameter parameter, int step) {
        float[] values = new float[parameter.shape().elements()];
        Distributions.normal(RandomKey.of(step).derive(parameter.name()), values, 0, values.length);
        for (int i = 0; i < values.length; i += 5) {
            values[i] = 0;
        }
        Backend backend = parameter.backend();
        NdArray gradient = parameter.gradient().data();
        backend.elementwise().copy(gradient, NdArray.of(backend.upload(values), gradient.shape()));
        return values;
    }

    private static double[] doubles(float[] values) {
        double[] out = new double[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = values[i];
        }
        return out;
    }

    /// With a gradient of zero nothing moves but by decay: matrices shrink by `1 − η·λ` a step, the rest stays.
    @EveryBackend
    void onlyMatricesDecay(String backendName) {
        try (Backend backend = Backends.create(backendName, 1)) {
            ParameterSpace space = new ParameterSpace(backend, 1);
            space.constant("matrix", 2, 3, 5);
            space.constant("bias", 2, 5);
            AdamW optimizer = new AdamW(space, SETTINGS);
            optimizer.step(0.5f, 1);
            for (float value : space.get("matrix").toFloats()) {
                assertEquals(2 * (1 - 0.5 * 0.1), value, 1e-6);
            }
            for (float value : space.get("bias").toFloats()) {
                assertEquals(2f, value);
            }
        }
    }

    @Test
    void aStepIsAChangeThatBackwardNotices() {
        ParameterSpace space = new ParameterSpace(Backends.standard(), 1);
        Parameter a = space.constant("a", 1, 3);
        Tensor loss = a.multiply(a).sum();
        new AdamW(space, SETTINGS).step(0.1f, 1);
        assertThrows(IllegalStateException.class, loss::backward);
    }

    @Test
    void aSpaceThatHasGrownIsRefused() {
        ParameterSpace space = new ParameterSpace(Backends.standard(), 1);
        space.constant("a", 1, 3);
        AdamW optimizer = new AdamW(space, SETTINGS);
        space.constant("b", 1, 2);
        String message = assertThrows(IllegalStateException.class, () -> optimizer.step(0.1f, 1))
                .getMessage();
        assertTrue(message.contains("3") && message.contains("5"), message);
        assertEquals(0, optimizer.steps());
    }

    @Test
    void settingsThatMeanNothingAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new AdamW.Settings(1, 0.9f, 1e-8f, 0));
        assertThrows(IllegalArgumentException.class, () -> new AdamW.Settings(0.9f, -0.1f, 1e-8f, 0));
        assertThrows(IllegalArgumentException.class, () -> new AdamW.Settings(0.9f, 0.9f, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new AdamW.Settings(0.9f, 0.9f, 1e-8f, -1));
        assertThrows(IllegalArgumentException.class, () -> new AdamW.Settings(Float.NaN, 0.9f, 1e-8f, 0));
    }
}
