package torrefy.kernels;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.NormalizationKernels;
import torrefy.core.memory.NdArray;

@EveryColumn
class NormalizationContractTest {

    /// N, C
    private static final int[][] SIZES = {{1, 1}, {1, 207}, {7, 13}, {31, 31}, {207, 7}, {3, 4098}, {4098, 3}, {0, 5}};

    private static final float EPSILON = 1e-5f;

    private final Column column;
    private final NormalizationKernels kernels;

    NormalizationContractTest(Column column) {
        this.column = column;
        this.kernels = column.backend().normalization();
    }

    /// Everything about the rows of one input, in double precision.
    private static final class Rows {
        final int width;
        final double[] x;
        final double[] mean;
        final double[] rstd;

        /// @param centred layer norm's; else RMS norm's, with a mean of 0
        Rows(Sample in, int[] size, boolean centred) {
            width = size[1];
            x = in.before();
            mean = new double[size[0]];
            rstd = new double[size[0]];
            for (int n = 0; n < size[0]; n++) {
                double[] row = Arrays.copyOfRange(x, n * width, (n + 1) * width);
                double m = centred ? Arrays.stream(row).sum() / width : 0;
                double variance = Arrays.stream(row).map(v -> (v - m) * (v - m)).sum() / width;
                mean[n] = m;
                rstd[n] = 1 / Math.sqrt(variance + EPSILON);
            }
        }

        double normalized(int i) {
            return (x[i] - mean[i / width]) * rstd[i / width];
        }

        /// What `normalized` is the difference of, in magnitude.
        double normalizedScale(int i) {
            return (Math.abs(x[i]) + Math.abs(mean[i / width])) * rstd[i / width];
        }

        /// Mean and rstd as the forward kernel hands them to the backward one, rounded.
        Sample mean() {
            return rounded(mean);
        }

        Sample rstd() {
            return rounded(rstd);
        }

        private static Sample rounded(double[] values) {
            float[] floats = new float[values.length];
            for (int n = 0; n < values.length; n++) {
                floats[n] = (float) values[n];
                values[n] = floats[n];
            }
            return Sample.of(floats, floats.length);
        }
    }

    @Test
    void layerNormFollowsTheDefinition() {
        for (int[] size : SIZES) {
            for (double shift : new double[] {0, 0.5, 1000}) {
                Sample in = Sample.normal(1, Placement.OFFSET, size).map(x -> 2 * x + shift);
                Sample weight = Sample.normal(2, size[1]);
                Sample bias = Sample.normal(3, size[1]);
                Rows rows = new Rows(in, size, true);
                double[] w = weight.values();
                double[] b = bias.values();
                double[] expected = new double[rows.x.length];
                double[] scale = new double[rows.x.length];
                for (int i = 0; i < expected.length; i++) {
                    int c = i % size[1];
                    expected[i] = rows.normalized(i) * w[c] + b[c];
                    scale[i] = rows.normalizedScale(i) * Math.abs(w[c]) + Math.abs(b[c]);
                }
                double tolerance = Rounding.sum(size[1]);
                Sample out = Sample.unset(Placement.OFFSET, size);
                Sample mean = Sample.unset(size[0]);
                Sample rstd = Sample.unset(size[0]);
                kernels.layerNorm(
                        out.array(), mean.array(), rstd.array(), in.array(), weight.array(), bias.array(), EPSILON);
                String what = "layerNorm of " + in.array().shape() + " around " + shift;
                out.assertIs(expected, scale, tolerance, what);
                double[] sizeOfMean = new double[size[0]];
                Arrays.setAll(
                        sizeOfMean,
                        n -> Arrays.stream(rows.x, n * size[1], (n + 1) * size[1])
                                        .map(Math::abs)
                                        .sum()
                                / size[1]);
                mean.assertIs(rows.mean, sizeOfMean, tolerance, what + ": mean");
                // An error δ of the mean adds δ² to the variance. E(x²) − μ² would be off by the roundings of μ².
                double[] sizeOfRstd = new double[size[0]];
                Arrays.setAll(sizeOfRstd, n -> {
                    double lost = tolerance * sizeOfMean[n] * rows.rstd[n];
                    return rows.rstd[n] * (tolerance + lost * lost);
                });
                rstd.assertIs(rows.rstd, sizeOfRstd, 1, what + ": rstd");
            }
        }
    }

    @Test
    void rmsNormFollowsTheDefinition() {
        for (int[] size : SIZES) {
            Sample in = Sample.normal(4, Placement.OFFSET, size).map(x -> 2 * x + 1);
            Sample weight = Sample.normal(5, size[1]);
            Rows rows = new Rows(in, size, false);
            double[] w = weight.values();
            double[] expected = new double[rows.x.length];
            Arrays.setAll(expected, i -> rows.normalized(i) * w[i % size[1]]);
            Sample out = Sample.unset(Placement.OFFSET, size);
            Sample rstd = Sample.unset(size[0]);
            kernels.rmsNorm(out.array(), rstd.array(), in.array(), weight.array(), EPSILON);
            out.assertIs(expected, Rounding.sum(size[1]), "rmsNorm");
            rstd.assertIs(rows.rstd, Rounding.sum(size[1]), "rstd");
        }
    }

    @Test
    void layerNormGradientFollowsItsFormula() {
        gradients(true);
    }

    @Test
    void rmsNormGradientFollowsItsFormula() {
        gradients(false);
    }

    /// Every choice of wanted gradients, by bits: dIn, dWeight, dBias.
    private void gradients(boolean centred) {
        for (int[] size : SIZES) {
            for (int wanted = 0; wanted < (centred ? 8 : 4); wanted++) {
                gradients(size, centred, wanted, false);
                gradients(size, centred, wanted, true);
            }
        }
    }

    private void gradients(int[] size, boolean centred, int wanted, boolean accumulate) {
        int width = size[1];
        Sample in = Sample.normal(6, Placement.OFFSET, size).map(x -> 2 * x + 0.5);
        Sample dOut = Sample.normal(7, Placement.OFFSET, size);
        Sample weight = Sample.normal(8, width);
        Rows rows = new Rows(in, size, centred);
        Sample mean = rows.mean();
        Sample rstd = rows.rstd();
        Sample dIn = accumulate ? Sample.normal(9, size) : Sample.unset(Placement.OFFSET, size);
        Sample dWeight = Sample.normal(10, width);
        Sample dBias = Sample.normal(11, width);

        NdArray toIn = (wanted & 1) != 0 ? dIn.array() : null;
        NdArray toWeight = (wanted & 2) != 0 ? dWeight.array() : null;
        NdArray toBias = (wanted & 4) != 0 ? dBias.array() : null;
        if (centred) {
            kernels.layerNormGradient(
                    toIn,
                    toWeight,
                    toBias,
                    dOut.array(),
                    in.array(),
                    mean.array(),
                    rstd.array(),
                    weight.array(),
                    accumulate);
        } else {
            kernels.rmsNormGradient(toIn, toWeight, dOut.array(), in.array(), rstd.array(), weight.array(), accumulate);
        }

        double[] dy = dOut.values();
        double[] w = weight.values();
        double[] before = dIn.before();
        double[] dx = new double[dy.length];
        double[] dxScale = new double[dy.length];
        double[] dw = dWeight.before();
        double[] dwScale = Arrays.stream(dw).map(Math::abs).toArray();
        double[] db = dBias.before();
        double[] dbScale = Arrays.stream(db).map(Math::abs).toArray();
        for (int n = 0; n < size[0]; n++) {
            double meanG = 0;
            double meanGx = 0;
            double meanGScale = 0;
            double meanGxScale = 0;
            for (int i = n * width; i < (n + 1) * width; i++) {
                double g = dy[i] * w[i % width];
                meanG += centred ? g / width : 0;
                meanGx += g * rows.normalized(i) / width;
                meanGScale += centred ? Math.abs(g) / width : 0;
                meanGxScale += Math.abs(g) * rows.normalizedScale(i) / width;
            }
            for (int i = n * width; i < (n + 1) * width; i++) {
                int c = i % width;
                double g = dy[i] * w[c];
                double old = accumulate ? before[i] : 0;
                dx[i] = rows.rstd[n] * (g - meanG - rows.normalized(i) * meanGx) + old;
                dxScale[i] = rows.rstd[n] * (Math.abs(g) + meanGScale + rows.normalizedScale(i) * meanGxScale)
                        + Math.abs(old);
                dw[c] += dy[i] * rows.normalized(i);
                dwScale[c] += Math.abs(dy[i]) * rows.normalizedScale(i);
                db[c] += dy[i];
                dbScale[c] += Math.abs(dy[i]);
            }
        }
        String what =
                (centred ? "layer norm" : "rms norm") + " of " + in.array().shape();
        check(dIn, toIn != null, dx, dxScale, Rounding.sum(width), what + ": dIn");
        check(dWeight, toWeight != null, dw, dwScale, Rounding.sum(size[0]), what + ": dWeight");
        check(dBias, toBias != null, db, dbScale, Rounding.sum(size[0]), what + ": dBias");
    }

    private static void check(
            Sample got, boolean wanted, double[] expected, double[] scale, double tolerance, String what) {
        if (wanted) {
            got.assertIs(expected, scale, tolerance, what);
        }
    }

    @Test
    void bitsDoNotDependOnThreads() {
        for (int[] size : new int[][] {{500, 207}, {7, 13}, {3, 20_000}}) {
            Sample in = Sample.normal(12, size);
            Sample dOut = Sample.normal(13, size);
            Sample weight = Sample.normal(14, size[1]);
            for (int result = 0; result < 3; result++) {
                int chosen = result;
                column.assertSameBitsOnAnyThreads(backend -> {
                    Sample out = Sample.unset(size);
                    Sample mean = Sample.unset(size[0]);
                    Sample rstd = Sample.unset(size[0]);
                    Sample dIn = Sample.unset(size);
                    Sample dWeight = Sample.normal(15, size[1]);
                    Sample dBias = Sample.normal(16, size[1]);
                    NormalizationKernels normalization = backend.normalization();
                    normalization.layerNorm(
                            out.array(),
                            mean.array(),
                            rstd.array(),
                            in.array(),
                            weight.array(),
                            weight.array(),
                            EPSILON);
                    normalization.layerNormGradient(
                            dIn.array(),
                            dWeight.array(),
                            dBias.array(),
                            dOut.array(),
                            in.array(),
                            mean.array(),
                            rstd.array(),
                            weight.array(),
                            false);
                    return (chosen == 0 ? dIn : chosen == 1 ? dWeight : dBias).array();
                });
            }
        }
    }
}
