package torrefy.kernels;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.RandomKernels;
import torrefy.core.random.Distributions;
import torrefy.core.random.RandomKey;

@EveryColumn
class RandomContractTest {

    private static final int[] LENGTHS = {0, 1, 7, 13, 31, 207, 4098, 20_003};

    private static final RandomKey KEY = RandomKey.of(42).derive("dropout");

    private final Column column;
    private final RandomKernels kernels;

    RandomContractTest(Column column) {
        this.column = column;
        this.kernels = column.backend().random();
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }

    @Test
    void uniformNumbersAreThoseOfTheKey() {
        for (int n : LENGTHS) {
            float[] expected = new float[n];
            Distributions.uniform(KEY, expected, 0, n);
            Sample out = Sample.unset(Placement.OFFSET, n);
            kernels.uniform(out.array(), KEY);
            out.assertIs(doubles(expected), "uniform");
        }
    }

    @Test
    void normalNumbersAreThoseOfTheKey() {
        for (int n : LENGTHS) {
            float[] expected = new float[n];
            Distributions.normal(KEY, expected, 0, n);
            Sample out = Sample.unset(Placement.OFFSET, n);
            kernels.normal(out.array(), KEY);
            out.assertIs(doubles(expected), "normal");
        }
    }

    @Test
    void dropoutKeepsWhereTheUniformNumberIsAtLeastTheProbability() {
        for (int n : LENGTHS) {
            // The last one is the fourth uniform number itself: that element is kept.
            float[] uniform = new float[4];
            Distributions.uniform(KEY, uniform, 0, 4);
            for (float probability : new float[] {0, 0.1f, 0.5f, uniform[3]}) {
                for (boolean accumulate : new boolean[] {false, true}) {
                    for (boolean inPlace : new boolean[] {false, true}) {
                        dropout(n, probability, accumulate, inPlace);
                    }
                }
            }
        }
    }

    private void dropout(int n, float probability, boolean accumulate, boolean inPlace) {
        Sample in = Sample.normal(1, Placement.OFFSET, n);
        Sample out = inPlace ? in : accumulate ? Sample.normal(2, n) : Sample.unset(n);
        double[] x = in.before();
        double[] before = out.before();
        float[] uniform = new float[n];
        Distributions.uniform(KEY, uniform, 0, n);
        double[] expected = new double[n];
        double[] scale = new double[n];
        for (int i = 0; i < n; i++) {
            // A dropped element is exactly 0: its scale is 0 too.
            expected[i] = uniform[i] >= probability ? x[i] / (1 - (double) probability) : 0;
            scale[i] = Math.abs(expected[i]);
            if (accumulate) {
                expected[i] += before[i];
                scale[i] += Math.abs(before[i]);
            }
        }
        kernels.dropout(out.array(), in.array(), KEY, probability, accumulate);
        out.assertIs(expected, scale, 4 * Rounding.UNIT, "dropout of " + n + " with " + probability);
    }

    @Test
    void aDroppedNaNIsZero() {
        Sample in = Sample.normal(3, 207).map(x -> Double.NaN);
        float[] uniform = new float[207];
        Distributions.uniform(KEY, uniform, 0, 207);
        double[] expected = new double[207];
        Arrays.setAll(expected, i -> uniform[i] >= 0.5f ? 1 : 0);
        Sample out = Sample.unset(207);
        kernels.dropout(out.array(), in.array(), KEY, 0.5f, false);
        double[] got = out.values();
        Arrays.setAll(got, i -> Double.isNaN(got[i]) ? 1 : got[i]);
        Sample seen = Sample.of(floats(got), 207);
        seen.assertIs(expected, "NaN kept or 0");
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    @Test
    void bitsDoNotDependOnThreads() {
        Sample in = Sample.normal(4, 100_001);
        column.assertSameBitsOnAnyThreads(backend -> {
            Sample out = Sample.unset(100_001);
            backend.random().normal(out.array(), KEY);
            backend.random().dropout(out.array(), in.array(), KEY, 0.2f, true);
            return out.array();
        });
        column.assertSameBitsOnAnyThreads(backend -> {
            Sample out = Sample.unset(100_001);
            backend.random().uniform(out.array(), KEY);
            return out.array();
        });
    }
}
