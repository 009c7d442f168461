package torrefy.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.SoftmaxKernels;

@EveryColumn
class SoftmaxContractTest {

    /// N, V
    private static final int[][] SIZES = {{1, 1}, {7, 13}, {13, 31}, {3, 207}, {2, 4098}, {207, 1}, {0, 5}};

    private final Column column;
    private final SoftmaxKernels kernels;

    SoftmaxContractTest(Column column) {
        this.column = column;
        this.kernels = column.backend().softmax();
    }

    /// Logits spread over several units, about 100 above zero: their exponentials overflow unless the maximum is taken
    /// away.
    private static Sample logits(int seed, int[] size) {
        return Sample.normal(seed, Placement.OFFSET, size).map(x -> 3 * x + 100);
    }

    /// The largest element of every row, and `ln Σ exp(x − m)`.
    private record Rows(double[] max, double[] logSum) {
        static Rows of(double[] x, int[] size) {
            Rows rows = new Rows(new double[size[0]], new double[size[0]]);
            for (int n = 0; n < size[0]; n++) {
                double[] row = Arrays.copyOfRange(x, n * size[1], (n + 1) * size[1]);
                double m = Arrays.stream(row).max().orElseThrow();
                rows.max[n] = m;
                rows.logSum[n] =
                        Math.log(Arrays.stream(row).map(v -> Math.exp(v - m)).sum());
            }
            return rows;
        }
    }

    @Test
    void softmaxFollowsTheDefinition() {
        for (int[] size : SIZES) {
            for (boolean inPlace : new boolean[] {false, true}) {
                int width = size[1];
                Sample in = logits(1, size);
                double[] x = in.before();
                Rows rows = Rows.of(x, size);
                double[] expected = new double[x.length];
                double[] scale = new double[x.length];
                for (int i = 0; i < x.length; i++) {
                    double distance = x[i] - rows.max[i / width];
                    expected[i] = Math.exp(distance - rows.logSum[i / width]);
                    // An exponential's relative error is the absolute error of its argument.
                    scale[i] = expected[i] * (1 + Math.abs(distance));
                }
                Sample out = inPlace ? in : Sample.unset(Placement.OFFSET, size);
                kernels.softmax(out.array(), in.array());
                out.assertIs(expected, scale, Rounding.sum(width), "softmax");
            }
        }
    }

    @Test
    void logSoftmaxFollowsTheDefinition() {
        for (int[] size : SIZES) {
            for (boolean inPlace : new boolean[] {false, true}) {
                int width = size[1];
                Sample in = logits(2, size);
                double[] x = in.before();
                Rows rows = Rows.of(x, size);
                double[] expected = new double[x.length];
                double[] scale = new double[x.length];
                for (int i = 0; i < x.length; i++) {
                    double m = rows.max[i / width];
                    expected[i] = x[i] - m - rows.logSum[i / width];
                    scale[i] = 1 + Math.abs(m) + Math.abs(x[i]);
                }
                Sample out = inPlace ? in : Sample.unset(Placement.OFFSET, size);
                kernels.logSoftmax(out.array(), in.array());
                out.assertIs(expected, scale, Rounding.sum(width), "logSoftmax");
            }
        }
    }

    @Test
    void softmaxGradientFollowsItsFormula() {
        gradients(
                (dIn, out, dOut, accumulate) ->
                        kernels.softmaxGradient(dIn.array(), out.array(), dOut.array(), accumulate),
                (y, dy) -> y * dy,
                (y, dy, sum, size) -> new double[] {y * (dy - sum), Math.abs(y) * (Math.abs(dy) + size)});
    }

    @Test
    void logSoftmaxGradientFollowsItsFormula() {
        gradients(
                (dIn, out, dOut, accumulate) ->
                        kernels.logSoftmaxGradient(dIn.array(), out.array(), dOut.array(), accumulate),
                (y, dy) -> dy,
                (y, dy, sum, size) ->
                        new double[] {dy - Math.exp(y) * sum, Math.abs(dy) + Math.exp(y) * (1 + Math.abs(y)) * size});
    }

    private interface Kernel {
        void run(Sample dIn, Sample out, Sample dOut, boolean accumulate);
    }

    private interface Formula {
        /// The gradient of element i, given the row's sum of what the formula sums up; and the magnitudes in it.
        double[] gradient(double y, double dy, double sum, double sumOfMagnitudes);
    }

    private interface Term {
        double of(double y, double dy);
    }

    private static void gradients(Kernel kernel, Term term, Formula formula) {
        for (int[] size : SIZES) {
            for (boolean accumulate : new boolean[] {false, true}) {
                for (boolean inPlace : new boolean[] {false, true}) {
                    Sample out = Sample.normal(3, size).map(x -> -Math.abs(x));
                    Sample dOut = Sample.normal(4, Placement.OFFSET, size);
                    Sample dIn =
                            inPlace ? dOut : accumulate ? Sample.normal(5, size) : Sample.unset(Placement.OFFSET, size);
                    double[] y = out.values();
                    double[] dy = dOut.before();
                    double[] before = dIn.before();
                    double[] expected = new double[y.length];
                    double[] scale = new double[y.length];
                    double[] sums = new double[size[0]];
                    double[] magnitudes = new double[size[0]];
                    for (int i = 0; i < y.length; i++) {
                        sums[i / size[1]] += term.of(y[i], dy[i]);
                        magnitudes[i / size[1]] += Math.abs(term.of(y[i], dy[i]));
                    }
                    for (int i = 0; i < y.length; i++) {
                        int row = i / size[1];
                        double[] gradient = formula.gradient(y[i], dy[i], sums[row], magnitudes[row]);
                        expected[i] = gradient[0] + (accumulate ? before[i] : 0);
                        scale[i] = gradient[1] + (accumulate ? Math.abs(before[i]) : 0);
                    }
                    kernel.run(dIn, out, dOut, accumulate);
                    dIn.assertIs(expected, scale, Rounding.sum(size[1]), "gradient");
                }
            }
        }
    }

    @Test
    void minusInfinityHasProbabilityZero() {
        Sample in = Sample.normal(6, 3, 37);
        for (int i = 0; i < 3 * 37; i += 2) {
            in.array().floats()[in.array().start() + i] = Float.NEGATIVE_INFINITY;
        }
        Sample out = Sample.unset(3, 37);
        kernels.softmax(out.array(), in.array());
        double[] p = out.values();
        for (int i = 0; i < p.length; i++) {
            assertEquals(i % 2 == 0, p[i] == 0, "probability " + p[i]);
        }
        assertEquals(3, Arrays.stream(p).sum(), 1e-5);
    }

    @Test
    void notANumberSpoilsItsRowAndNoOther() {
        for (int at : new int[] {0, 20, 36}) {
            Sample in = Sample.normal(7, 3, 37);
            in.array().floats()[in.array().start() + 37 + at] = Float.NaN;
            Sample out = Sample.unset(3, 37);
            Sample log = Sample.unset(3, 37);
            kernels.softmax(out.array(), in.array());
            kernels.logSoftmax(log.array(), in.array());
            for (int i = 0; i < 3 * 37; i++) {
                assertEquals(i / 37 == 1, Double.isNaN(out.values()[i]));
                assertEquals(i / 37 == 1, Double.isNaN(log.values()[i]));
            }
        }
    }

    @Test
    void bitsDoNotDependOnThreads() {
        for (int[] size : new int[][] {{4098, 13}, {70, 4098}}) {
            Sample in = Sample.normal(8, size);
            column.assertSameBitsOnAnyThreads(backend -> {
                Sample out = Sample.unset(size);
                Sample dIn = Sample.unset(size);
                backend.softmax().softmax(out.array(), in.array());
                backend.softmax().softmaxGradient(dIn.array(), out.array(), in.array(), false);
                return dIn.array();
            });
            column.assertSameBitsOnAnyThreads(backend -> {
                Sample out = Sample.unset(size);
                Sample dIn = Sample.unset(size);
                backend.softmax().logSoftmax(out.array(), in.array());
                backend.softmax().logSoftmaxGradient(dIn.array(), out.array(), in.array(), false);
                return dIn.array();
            });
        }
    }
}
