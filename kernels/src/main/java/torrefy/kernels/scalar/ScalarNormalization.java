package torrefy.kernels.scalar;

import torrefy.core.backend.NormalizationKernels;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.ParallelLoop;
import torrefy.kernels.strided.RowLoop;

/// Layer norm and RMS norm, row by row; sums are doubles.
final class ScalarNormalization implements NormalizationKernels {

    /// At most this many blocks of rows sum up a weight's gradient, each in memory of its own.
    private static final int MOST_PARTIAL_SUMS = 32;

    private final ParallelLoop loop;

    ScalarNormalization(ParallelLoop loop) {
        this.loop = loop;
    }

    @Override
    public void layerNorm(
            NdArray out, NdArray mean, NdArray rstd, NdArray in, NdArray weight, NdArray bias, float epsilon) {
        float[] o = out.floats();
        float[] x = in.floats();
        float[] w = weight.floats();
        float[] b = bias.floats();
        int width = in.size(-1);
        RowLoop.run(loop, mean.elements(), width, (from, to, worker) -> {
            for (int n = from; n < to; n++) {
                int row = in.start() + n * width;
                double sum = 0;
                for (int c = 0; c < width; c++) {
                    sum += x[row + c];
                }
                double mu = sum / width;
                double squares = 0;
                for (int c = 0; c < width; c++) {
                    double distance = x[row + c] - mu;
                    squares += distance * distance;
                }
                float m = (float) mu;
                float r = (float) (1 / Math.sqrt(squares / width + epsilon));
                mean.floats()[mean.start() + n] = m;
                rstd.floats()[rstd.start() + n] = r;
                for (int c = 0; c < width; c++) {
                    float normalized = (x[row + c] - m) * r;
                    o[out.start() + n * width + c] = normalized * w[weight.start() + c] + b[bias.start() + c];
                }
            }
        });
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
    public void rmsNorm(NdArray out, NdArray rstd, NdArray in, NdArray weight, float epsilon) {
        float[] o = out.floats();
        float[] x = in.floats();
        float[] w = weight.floats();
        int width = in.size(-1);
        RowLoop.run(loop, rstd.elements(), width, (from, to, worker) -> {
            for (int n = from; n < to; n++) {
                int row = in.start() + n * width;
                double squares = 0;
                for (int c = 0; c < width; c++) {
                    double value = x[row + c];
                    squares += value * value;
                }
                float r = (float) (1 / Math.sqrt(squares / width + epsilon));
                rstd.floats()[rstd.start() + n] = r;
                for (int c = 0; c < width; c++) {
                    o[out.start() + n * width + c] = x[row + c] * r * w[weight.start() + c];
                }
            }
        });
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
        double[][] weightSums = new double[blocks][dWeight == null ? 0 : width];
        double[][] biasSums = new double[blocks][dBias == null ? 0 : width];
        loop.run(blocks, (piece, worker) -> {
            for (int n = piece * block; n < Math.min(rows, (piece + 1) * block); n++) {
                float m = mean == null ? 0 : mean.floats()[mean.start() + n];
                float r = rstd.floats()[rstd.start() + n];
                if (dWeight != null) {
                    addWeightRow(weightSums[piece], dOut, in, n * width, m, r);
                }
                if (dBias != null) {
                    addBiasRow(biasSums[piece], dOut, n * width);
                }
                if (dIn != null) {
                    inputRow(dIn, dOut, in, weight, n * width, width, mean != null, m, r, accumulate);
                }
            }
        });
        addTo(dWeight, weightSums);
        addTo(dBias, biasSums);
    }

    /// `sums += dOut ⊙ x̂` of the row that begins `row` elements after the arrays' starts
    private static void addWeightRow(double[] sums, NdArray dOut, NdArray in, int row, float m, float r) {
        float[] dy = dOut.floats();
        float[] x = in.floats();
        int dyRow = dOut.start() + row;
        int xRow = in.start() + row;
        for (int c = 0; c < sums.length; c++) {
            sums[c] += dy[dyRow + c] * ((x[xRow + c] - m) * r);
        }
    }

    /// `sums += dOut`
    private static void addBiasRow(double[] sums, NdArray dOut, int row) {
        float[] dy = dOut.floats();
        int dyRow = dOut.start() + row;
        for (int c = 0; c < sums.length; c++) {
            sums[c] += dy[dyRow + c];
        }
    }

    /// `dIn = r·(g − mean(g) − x̂·mean(g ⊙ x̂))` with `g = dOut ⊙ weight`
    private static void inputRow(
            NdArray dIn,
            NdArray dOut,
            NdArray in,
            NdArray weight,
            int row,
            int width,
            boolean centred,
            float m,
            float r,
            boolean accumulate) {
        float[] dx = dIn.floats();
        float[] dy = dOut.floats();
        float[] x = in.floats();
        float[] w = weight.floats();
        int dyRow = dOut.start() + row;
        int xRow = in.start() + row;
        int dxRow = dIn.start() + row;
        int wRow = weight.start();
        double sum = 0;
        double dot = 0;
        for (int c = 0; c < width; c++) {
            float g = dy[dyRow + c] * w[wRow + c];
            sum += g;
            dot += g * ((x[xRow + c] - m) * r);
        }
        float meanOfG = centred ? (float) (sum / width) : 0;
        float meanOfDot = (float) (dot / width);
        for (int c = 0; c < width; c++) {
            float g = dy[dyRow + c] * w[wRow + c];
            float normalized = (x[xRow + c] - m) * r;
            float gradient = r * (g - meanOfG - normalized * meanOfDot);
            dx[dxRow + c] = accumulate ? dx[dxRow + c] + gradient : gradient;
        }
    }

    /// Adds the blocks' sums, in order, to `out`; null is not wanted.
    private static void addTo(NdArray out, double[][] sums) {
        if (out == null || sums.length == 0) {
            return;
        }
        float[] o = out.floats();
        for (int c = 0; c < out.elements(); c++) {
            double sum = 0;
            for (double[] block : sums) {
                sum += block[c];
            }
            o[out.start() + c] += (float) sum;
        }
    }
}
