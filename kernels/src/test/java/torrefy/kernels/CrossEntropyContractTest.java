package torrefy.kernels;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.CrossEntropyKernels;
import torrefy.core.memory.NdArray;

@EveryColumn
class CrossEntropyContractTest {

    /// N, V
    private static final int[][] SIZES = {{1, 1}, {7, 13}, {31, 31}, {13, 207}, {5, 4098}, {207, 2}, {0, 7}};

    private static final int IGNORE = -100;

    private final Column column;
    private final CrossEntropyKernels kernels;

    CrossEntropyContractTest(Column column) {
        this.column = column;
        this.kernels = column.backend().crossEntropy();
    }

    /// The first and the last class among them; every third row is ignored.
    private static NdArray targets(int rows, int classes) {
        int[] targets = new int[rows];
        Arrays.setAll(targets, n -> n % 3 == 2 ? IGNORE : n == 0 ? classes - 1 : n * 5 % classes);
        return NdArray.of(targets, rows);
    }

    private static Sample logits(int seed, int[] size) {
        return Sample.normal(seed, size).map(x -> 3 * x + 100);
    }

    private static double logSumExp(double[] x, int row, int width) {
        double m = Arrays.stream(x, row * width, (row + 1) * width).max().orElseThrow();
        return m
                + Math.log(Arrays.stream(x, row * width, (row + 1) * width)
                        .map(v -> Math.exp(v - m))
                        .sum());
    }

    @Test
    void lossFollowsTheDefinition() {
        for (int[] size : SIZES) {
            int rows = size[0];
            int width = size[1];
            Sample logits = logits(1, size);
            NdArray targets = targets(rows, width);
            double[] x = logits.values();
            double[] logSum = new double[rows];
            double[] loss = new double[rows];
            double[] scale = new double[rows];
            for (int n = 0; n < rows; n++) {
                int target = targets.ints()[n];
                logSum[n] = logSumExp(x, n, width);
                loss[n] = target == IGNORE ? 0 : logSum[n] - x[n * width + target];
                scale[n] = 1 + Math.abs(logSum[n]) + (target == IGNORE ? 0 : Math.abs(x[n * width + target]));
            }
            Sample outLoss = Sample.unset(Placement.OFFSET, rows);
            Sample outLogSum = Sample.unset(Placement.OFFSET, rows);
            kernels.crossEntropy(outLoss.array(), outLogSum.array(), logits.array(), targets, IGNORE);
            outLogSum.assertIs(logSum, scale, Rounding.sum(width), "logSumExp");
            outLoss.assertIs(loss, scale, Rounding.sum(width), "loss");
        }
    }

    @Test
    void gradientFollowsItsFormula() {
        for (int[] size : SIZES) {
            for (boolean accumulate : new boolean[] {false, true}) {
                for (boolean inPlace : new boolean[] {false, true}) {
                    if (!(inPlace && accumulate)) {
                        gradient(size, accumulate, inPlace);
                    }
                }
            }
        }
    }

    private void gradient(int[] size, boolean accumulate, boolean inPlace) {
        int width = size[1];
        Sample logits = logits(2, size);
        NdArray targets = targets(size[0], width);
        double[] x = logits.before();
        Sample dLoss = Sample.normal(3, Placement.OFFSET, size[0]);
        double[] dl = dLoss.values();
        float[] logSums = new float[size[0]];
        for (int n = 0; n < logSums.length; n++) {
            logSums[n] = (float) logSumExp(x, n, width);
        }
        Sample dLogits = inPlace ? logits : accumulate ? Sample.normal(4, size) : Sample.unset(size);
        double[] before = dLogits.before();
        double[] expected = new double[x.length];
        double[] scale = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            int n = i / width;
            int target = targets.ints()[n];
            double p = Math.exp(x[i] - logSums[n]);
            double one = i % width == target ? 1 : 0;
            if (target != IGNORE) {
                expected[i] = dl[n] * (p - one);
                scale[i] = Math.abs(dl[n]) * (p * (1 + Math.abs(x[i] - logSums[n])) + one);
            }
            if (accumulate) {
                expected[i] += before[i];
                scale[i] += Math.abs(before[i]);
            }
        }
        kernels.crossEntropyGradient(
                dLogits.array(),
                dLoss.array(),
                logits.array(),
                Sample.of(logSums, size[0]).array(),
                targets,
                IGNORE,
                accumulate);
        dLogits.assertIs(expected, scale, 8 * Rounding.UNIT, "gradient");
    }

    @Test
    void anIgnoredRowGetsNothingEvenFromNaN() {
        Sample logits = Sample.normal(5, 3, 37);
        Sample dLoss = Sample.normal(6, 3).map(x -> Double.NaN);
        NdArray targets = NdArray.of(new int[] {7, 7, 7}, 3);
        Sample logSum = Sample.normal(7, 3);
        Sample dLogits = Sample.unset(3, 37);
        kernels.crossEntropyGradient(dLogits.array(), dLoss.array(), logits.array(), logSum.array(), targets, 7, false);
        dLogits.assertIs(new double[3 * 37], "ignored");
    }

    @Test
    void notANumberAmongTheLogitsGivesNaN() {
        for (int at : new int[] {0, 20, 36}) {
            Sample logits = Sample.normal(8, 1, 37);
            logits.array().floats()[logits.array().start() + at] = Float.NaN;
            Sample loss = Sample.unset(1);
            Sample logSum = Sample.unset(1);
            kernels.crossEntropy(loss.array(), logSum.array(), logits.array(), NdArray.of(new int[] {5}, 1), IGNORE);
            assertTrue(Double.isNaN(loss.values()[0]), "NaN at " + at);
        }
    }

    @Test
    void bitsDoNotDependOnThreads() {
        int[] size = {31, 4098};
        Sample logits = Sample.normal(9, size);
        NdArray targets = targets(size[0], size[1]);
        column.assertSameBitsOnAnyThreads(backend -> {
            Sample loss = Sample.unset(size[0]);
            Sample logSum = Sample.unset(size[0]);
            Sample dLogits = Sample.unset(size);
            backend.crossEntropy().crossEntropy(loss.array(), logSum.array(), logits.array(), targets, IGNORE);
            backend.crossEntropy()
                    .crossEntropyGradient(
                            dLogits.array(), loss.array(), logits.array(), logSum.array(), targets, IGNORE, false);
            return dLogits.array();
        });
    }
}
