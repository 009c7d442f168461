package torrefy.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.OptimizerKernels;
import torrefy.core.backend.OptimizerKernels.AdamWStep;
import torrefy.core.memory.Bfloat16;
import torrefy.core.memory.HostBfloat16s;
import torrefy.core.memory.NdArray;
import torrefy.core.random.RandomKey;
import torrefy.core.random.RoundingBits;
import torrefy.core.shape.Shape;

@EveryColumn
class OptimizerContractTest {

    private final Column column;
    private final OptimizerKernels kernels;

    OptimizerContractTest(Column column) {
        this.column = column;
        this.kernels = column.backend().optimizer();
    }

    private static AdamWStep step(int t, float decay) {
        return new AdamWStep(1e-2f, 0.9f, 0.95f, 1e-8f, decay, 0.5f, t);
    }

    @Test
    void everyStepFollowsTheAlgorithm() {
        for (int n : new int[] {0, 1, 7, 13, 31, 207, 4098, 20_003}) {
            for (float decay : new float[] {0, 0.1f}) {
                Sample w = Sample.normal(1, Placement.OFFSET, n);
                Sample m = Sample.normal(0, Placement.OFFSET, n).map(x -> 0);
                Sample v = Sample.normal(0, Placement.OFFSET, n).map(x -> 0);
                for (int t = 1; t <= 3; t++) {
                    Sample gradient = Sample.normal(1 + t, Placement.OFFSET, n);
                    check(w, gradient, m, v, step(t, decay));
                }
            }
        }
    }

    @Test
    void aZeroGradientFromTheStartLeavesTheWeightToItsDecay() {
        Sample w = Sample.normal(5, 37);
        double[] expected =
                Arrays.stream(w.before()).map(x -> x * (1 - 1e-2 * 0.1)).toArray();
        Sample zeros = Sample.normal(0, 37).map(x -> 0);
        Sample m = Sample.normal(0, 37).map(x -> 0);
        Sample v = Sample.normal(0, 37).map(x -> 0);
        kernels.adamW(w.array(), zeros.array(), m.array(), v.array(), step(1, 0.1f));
        w.assertIs(expected, 4 * Rounding.UNIT, "decay alone");
    }

    private void check(Sample w, Sample gradient, Sample m, Sample v, AdamWStep step) {
        double[] weight = w.values();
        double[] g = gradient.values();
        double[] mean = m.values();
        double[] square = v.values();
        double[] meanScale = new double[g.length];
        double[] weightScale = new double[g.length];
        double beta1 = step.beta1();
        double beta2 = step.beta2();
        double rate = step.learningRate();
        for (int i = 0; i < g.length; i++) {
            double scaled = step.gradientScale() * g[i];
            meanScale[i] = beta1 * Math.abs(mean[i]) + (1 - beta1) * Math.abs(scaled);
            mean[i] = beta1 * mean[i] + (1 - beta1) * scaled;
            square[i] = beta2 * square[i] + (1 - beta2) * scaled * scaled;
            double root = Math.sqrt(square[i] / (1 - Math.pow(beta2, step.step()))) + step.epsilon();
            double correction = 1 - Math.pow(beta1, step.step());
            double decay = rate * step.weightDecay() * weight[i];
            weightScale[i] = Math.abs(weight[i]) + Math.abs(decay) + rate * meanScale[i] / correction / root;
            weight[i] = weight[i] - decay - rate * mean[i] / correction / root;
        }
        kernels.adamW(w.array(), gradient.array(), m.array(), v.array(), step);
        m.assertIs(mean, meanScale, 4 * Rounding.UNIT, "m, step " + step.step());
        v.assertIs(square, 8 * Rounding.UNIT, "v, step " + step.step());
        w.assertIs(weight, weightScale, 16 * Rounding.UNIT, "w, step " + step.step());
        gradient.assertIs(new double[g.length], "gradient");
    }

    /// Between parameters of a flat array lie zeros; whatever the step, they stay.
    @Test
    void whatIsZeroEverywhereStaysZero() {
        Sample[] zeros = new Sample[4];
        Arrays.setAll(zeros, k -> Sample.normal(k, 37).map(x -> 0));
        for (int t = 1; t <= 3; t++) {
            kernels.adamW(zeros[0].array(), zeros[1].array(), zeros[2].array(), zeros[3].array(), step(t, 0.1f));
        }
        for (Sample sample : zeros) {
            sample.assertIs(new double[37], "zeros");
        }
    }

    /// Whichever arrays are stored as bfloat16: the update is that of floats which were widened from them, then rounded
    /// by the bits of key and position.
    @Test
    void storedAsBfloat16TheUpdateIsThatOfFloatsAndThenRounded() {
        for (int n : new int[] {1, 31, 4098, 70_003}) {
            for (int stored = 1; stored < 8; stored++) {
                AdamWStep step = new AdamWStep(1e-2f, 0.9f, 0.999f, 1e-8f, 0.1f, 0.5f, 3, RandomKey.of(n + stored));
                RoundingBits[] bits = {step.weightRounding(), step.mRounding(), step.vRounding()};
                NdArray[] exact = new NdArray[3];
                NdArray[] arrays = new NdArray[3];
                for (int k = 0; k < 3; k++) {
                    boolean isStored = (stored >> k & 1) == 1;
                    Sample numbers = Sample.normal(10 + k, Placement.OFFSET, n).map(k == 2 ? Math::abs : x -> x);
                    exact[k] = numbers.map(x -> isStored ? rounded(x) : x).array();
                    arrays[k] = isStored ? asBfloat16(exact[k]) : copy(exact[k]);
                }
                Sample gradient = Sample.normal(13, Placement.OFFSET, n);
                kernels.adamW(exact[0], copy(gradient.array()), exact[1], exact[2], step);
                kernels.adamW(arrays[0], gradient.array(), arrays[1], arrays[2], step);
                for (int k = 0; k < 3; k++) {
                    for (int i = 0; i < n; i++) {
                        float expected = exact[k].floats()[exact[k].start() + i];
                        if ((stored >> k & 1) == 1) {
                            short actual = arrays[k].bfloat16s()[arrays[k].start() + i];
                            assertEquals(Bfloat16.fromFloat(expected, bits[k].at(i)), actual);
                        } else {
                            assertEquals(expected, arrays[k].floats()[arrays[k].start() + i]);
                        }
                    }
                }
                gradient.assertIs(new double[n], "gradient");
            }
        }
    }

    private static double rounded(double x) {
        return Bfloat16.toFloat(Bfloat16.fromFloat((float) x));
    }

    private static NdArray copy(NdArray array) {
        float[] values = Arrays.copyOfRange(array.floats(), array.start(), array.start() + array.elements());
        return NdArray.of(values, values.length);
    }

    /// Behind seven elements that are not its own.
    private static NdArray asBfloat16(NdArray array) {
        short[] values = new short[7 + array.elements()];
        for (int i = 0; i < array.elements(); i++) {
            values[7 + i] = Bfloat16.fromFloat(array.floats()[array.start() + i]);
        }
        return NdArray.of(HostBfloat16s.over(values).slice(7, array.elements()), Shape.of(array.elements()));
    }

    /// More than a piece of work.
    @Test
    void bitsDoNotDependOnThreads() {
        int n = 200_001;
        column.assertSameBitsOnAnyThreads(backend -> {
            Sample gradient = Sample.normal(6, n);
            Sample w = Sample.normal(7, n);
            Sample m = Sample.normal(8, n);
            Sample v = Sample.normal(9, n).map(Math::abs);
            backend.optimizer().adamW(w.array(), gradient.array(), m.array(), v.array(), step(3, 0.1f));
            return w.array();
        });
    }
}
