package torrefy.kernels.vector;

import static torrefy.kernels.vector.Lanes.COUNT;
import static torrefy.kernels.vector.Lanes.FLOATS;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import torrefy.core.backend.NormalizationKernels;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.ParallelLoop;
import torrefy.kernels.strided.RowLoop;

/// Layer norm and RMS norm, row by row.
///
/// What it adds over [torrefy.kernels.scalar.ScalarNormalization], and `NormalizationBenchmark` shows: registers, and
/// a backward pass that reads a row once for the gradient of the weights and for the two sums that the gradient of
/// the input needs.
final class VectorNormalization implements NormalizationKernels {

    /// At most this many blocks of rows sum up a weight's gradient, each in memory of its own.
    private static final int MOST_PARTIAL_SUMS = 32;

    private final ParallelLoop loop;
    private final CallerMemory sums = new CallerMemory();

    VectorNormalization(ParallelLoop loop) {
        this.loop = loop;
    }

    @Override
    public void layerNorm(
            NdArray out, NdArray mean, NdArray rstd, NdArray in, NdArray weight, NdArray bias, float epsilon) {
        float[] x = in.floats();
        int width = in.size(-1);
        RowLoop.run(loop, mean.elements(), width, (from, to, worker) -> {
            for (int n = from; n < to; n++) {
                int at = in.start() + n * width;
                statistics(x, at, width, epsilon, mean.floats(), mean.start() + n, rstd.floats(), rstd.start() + n);
                float mu = mean.floats()[mean.start() + n];
                float r = rstd.floats()[rstd.start() + n];
                float[] o = out.floats();
                int outAt = out.start() + n * width;
                normalize(o, outAt, x, at, width, mu, r, weight.floats(), weight.start(), bias.floats(), bias.start());
            }
        });
    }

    /// μ and r of a row. The distances d from a first, rounded mean correct it, and `Σd² − (Σd)²/C` is free of its
    /// error: Chan, Golub, LeVeque, "Algorithms for computing the sample variance", 1983, equation 1.7.
    private static void statistics(
            float[] x, int at, int width, float epsilon, float[] mean, int meanAt, float[] rstd, int rstdAt) {
        float mu = Rows.sum(x, at, width) / width;
        double total = sumOfDistances(x, at, width, mu);
        double variance = Math.max(0, (sumOfSquares(x, at, width, mu) - total * total / width) / width);
        mean[meanAt] = (float) (mu + total / width);
        rstd[rstdAt] = (float) (1 / Math.sqrt(variance + epsilon));
    }

    /// `Σ (x − mu)`
    private static double sumOfDistances(float[] x, int at, int width, float mu) {
        FloatVector sum = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i <= width - COUNT; i += COUNT) {
            sum = sum.add(FloatVector.fromArray(FLOATS, x, at + i).sub(mu));
        }
        double total = Lanes.sum(sum);
        for (; i < width; i++) {
            total += x[at + i] - mu;
        }
        return total;
    }

    /// `Σ (x − mu)²`
    private static double sumOfSquares(float[] x, int at, int width, float mu) {
        FloatVector sum = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i <= width - COUNT; i += COUNT) {
            FloatVector d = FloatVector.fromArray(FLOATS, x, at + i).sub(mu);
            sum = d.fma(d, sum);
        }
        double total = Lanes.sum(sum);
        for (; i < width; i++) {
            float d = x[at + i] - mu;
            total += d * d;
        }
        return total;
    }

    /// `out = (x − mu)·r·w + b`
    private static void normalize(
            float[] out,
            int to,
            float[] x,
            int at,
            int width,
            float mu,
            float r,
            float[] w,
            int wAt,
            float[] b,
            int bAt) {
        int i = 0;
        for (; i <= width - COUNT; i += COUNT) {
            FloatVector.fromArray(FLOATS, x, at + i)
                    .sub(mu)
                    .mul(r)
                    .fma(FloatVector.fromArray(FLOATS, w, wAt + i), FloatVector.fromArray(FLOATS, b, bAt + i))
                    .intoArray(out, to + i);
        }
        for (; i < width; i++) {
            out[to + i] = (x[at + i] - mu) * r * w[wAt + i] + b[bAt + i];
        }
    }

    @Override
    public void rmsNorm(NdArray out, NdArray rstd, NdArray in, NdArray weight, float epsilon) {
        float[] x = in.floats();
        int width = in.size(-1);
        RowLoop.run(loop, rstd.elements(), width, (from, to, worker) -> {
            for (int n = from; n < to; n++) {
                int at = in.start() + n * width;
                float r = (float) (1 / Math.sqrt(Rows.dot(x, at, x, at, width) / width + epsilon));
                rstd.floats()[rstd.start() + n] = r;
                scale(out.floats(), out.start() + n * width, x, at, width, r, weight.floats(), weight.start());
            }
        });
    }

    /// `out = x·r·w`
    private static void scale(float[] out, int to, float[] x, int at, int width, float r, float[] w, int wAt) {
        int i = 0;
        for (; i <= width - COUNT; i += COUNT) {
            FloatVector.fromArray(FLOATS, x, at + i)
                    .mul(r)
                    .mul(FloatVector.fromArray(FLOATS, w, wAt + i))
                    .intoArray(out, to + i);
        }
        for (; i < width; i++) {
            out[to + i] = x[at + i] * r * w[wAt + i];
        }
    }

    @Override
    public void layerNormGradient(
            NdArray dIn,
            NdArray dWeight,
            NdArray dBias,
            NdArray dOut,
            NdArray in,
            NdArray mean,
            NdArray rstd,
            NdArray weight,
            boolean accumulate) {
        rowsGradient(dIn, dWeight, dBias, dOut, in, mean, rstd, weight, accumulate);
    }

    @Override
    public void rmsNormGradient(
            NdArray dIn, NdArray dWeight, NdArray dOut, NdArray in, NdArray rstd, NdArray weight, boolean accumulate) {
        rowsGradient(dIn, dWeight, null, dOut, in, null, rstd, weight, accumulate);
    }

    /// Both gradients: without a mean, `μ` and `mean(g)` are 0, and the formula of layer norm is that of RMS norm.
    private void rowsGradient(
            NdArray dIn,
            NdArray dWeight,
            NdArray dBias,
            NdArray dOut,
            NdArray in,
            NdArray mean,
            NdArray rstd,
            NdArray weight,
            boolean accumulate) {
        int width = in.size(-1);
        int rows = rstd.elements();
        int block = Math.max(RowLoop.rowsInBlock(width), Math.ceilDiv(rows, MOST_PARTIAL_SUMS));
        int blocks = Math.ceilDiv(rows, block);
        // A block's sums: those for the weight, then those for the bias.
        float[] partial = sums.atLeast(Math.multiplyExact(blocks, 2 * width));
        loop.run(blocks, (piece, worker) -> {
            int sumsAt = piece * 2 * width;
            Arrays.fill(partial, sumsAt, sumsAt + 2 * width, 0);
            Row row = new Row(dOut.floats(), in.floats(), weight.floats(), weight.start(), partial, sumsAt, width);
            for (int n = piece * block; n < Math.min(rows, (piece + 1) * block); n++) {
                float mu = mean == null ? 0 : mean.floats()[mean.start() + n];
                float r = rstd.floats()[rstd.start() + n];
                float[] dx = dIn == null ? null : dIn.floats();
                int dxAt = dIn == null ? 0 : dIn.start() + n * width;
                row.gradient(
                        dOut.start() + n * width, in.start() + n * width, mu, r, mean != null, dx, dxAt, accumulate);
            }
        });
        addTo(dWeight, partial, 0, blocks, width);
        addTo(dBias, partial, width, blocks, width);
    }

    /// What a row's gradient is made from and added to.
    private record Row(float[] dy, float[] x, float[] w, int wAt, float[] sums, int sumsAt, int width) {

        /// With `g = dOut ⊙ weight`: `dIn = r·(g − mean(g) − x̂·mean(g ⊙ x̂))`, unless `dx` is null.
        void gradient(int dyAt, int xAt, float mu, float r, boolean centred, float[] dx, int dxAt, boolean accumulate) {
            FloatVector sum = FloatVector.zero(FLOATS);
            FloatVector dot = FloatVector.zero(FLOATS);
            int i = 0;
            for (; i <= width - COUNT; i += COUNT) {
                FloatVector d = FloatVector.fromArray(FLOATS, dy, dyAt + i);
                FloatVector normalized =
                        FloatVector.fromArray(FLOATS, x, xAt + i).sub(mu).mul(r);
                FloatVector g = d.mul(FloatVector.fromArray(FLOATS, w, wAt + i));
                sum = sum.add(g);
                dot = g.fma(normalized, dot);
                d.fma(normalized, FloatVector.fromArray(FLOATS, sums, sumsAt + i))
                        .intoArray(sums, sumsAt + i);
                d.add(FloatVector.fromArray(FLOATS, sums, sumsAt + width + i)).intoArray(sums, sumsAt + width + i);
            }
            float total = Lanes.sum(sum);
            float totalDot = Lanes.sum(dot);
            for (; i < width; i++) {
                float d = dy[dyAt + i];
                float normalized = (x[xAt + i] - mu) * r;
                total += d * w[wAt + i];
                totalDot += d * w[wAt + i] * normalized;
                sums[sumsAt + i] += d * normalized;
                sums[sumsAt + width + i] += d;
            }
            if (dx != null) {
                input(dyAt, xAt, mu, r, centred ? total / width : 0, totalDot / width, dx, dxAt, accumulate);
            }
        }

        private void input(
                int dyAt,
                int xAt,
                float mu,
                float r,
                float meanOfG,
                float meanOfDot,
                float[] dx,
                int dxAt,
                boolean accumulate) {
            for (int i = 0; i < width; i += COUNT) {
                VectorMask<Float> inside = FLOATS.indexInRange(i, width);
                FloatVector normalized = FloatVector.fromArray(FLOATS, x, xAt + i, inside)
                        .sub(mu)
                        .mul(r);
                FloatVector g = FloatVector.fromArray(FLOATS, dy, dyAt + i, inside)
                        .mul(FloatVector.fromArray(FLOATS, w, wAt + i, inside));
                FloatVector gradient =
                        g.sub(meanOfG).sub(normalized.mul(meanOfDot)).mul(r);
                if (accumulate) {
                    gradient = gradient.add(FloatVector.fromArray(FLOATS, dx, dxAt + i, inside));
                }
                gradient.intoArray(dx, dxAt + i, inside);
            }
        }
    }

    /// Adds the blocks' sums, in order, to `out`; null is not wanted.
    private static void addTo(NdArray out, float[] partial, int at, int blocks, int width) {
        if (out == null) {
            return;
        }
        float[] o = out.floats();
        // Column after column would jump through memory: the sums are added up in those of the first block.
        for (int block = 1; block < blocks; block++) {
            Rows.add(partial, at, partial, block * 2 * width + at, width);
        }
        if (blocks > 0) {
            Rows.add(o, out.start(), partial, at, width);
        }
    }
}
