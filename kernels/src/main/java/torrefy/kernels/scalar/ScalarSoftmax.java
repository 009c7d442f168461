package torrefy.kernels.scalar;

import torrefy.core.backend.SoftmaxKernels;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.ParallelLoop;
import torrefy.kernels.strided.RowLoop;

/// Softmax of rows. The row's maximum is subtracted before every exponential, so that none overflows; sums are doubles.
final class ScalarSoftmax implements SoftmaxKernels {

    /// An exponential costs about as much as this many additions.
    static final int COST_OF_EXP = 8;

    private final ParallelLoop loop;

    ScalarSoftmax(ParallelLoop loop) {
        this.loop = loop;
    }

    /// `max` of `length` elements from `at` on; NaN if one is
    static float max(float[] x, int at, int length) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < length; i++) {
            largest = Math.max(largest, x[at + i]);
        }
        return largest;
    }

    /// `ln Σ exp x` of `length` elements from `at` on
    static double logSumExp(float[] x, int at, int length) {
        float largest = max(x, at, length);
        double sum = 0;
        for (int i = 0; i < length; i++) {
            sum += Math.exp(x[at + i] - largest);
        }
        return largest + Math.log(sum);
    }

    @Override
    public void softmax(NdArray out, NdArray in) {
        float[] o = out.floats();
        float[] x = in.floats();
        eachRow(in, (row, width) -> {
            int from = in.start() + row;
            int to = out.start() + row;
            float largest = max(x, from, width);
            double sum = 0;
            for (int i = 0; i < width; i++) {
                float e = (float) Math.exp(x[from + i] - largest);
                o[to + i] = e;
                sum += e;
            }
            float scale = (float) (1 / sum);
            for (int i = 0; i < width; i++) {
                o[to + i] *= scale;
            }
        });
    }

    @Override
    public void softmaxGradient(NdArray dIn, NdArray out, NdArray dOut, boolean accumulate) {
        float[] dx = dIn.floats();
        float[] y = out.floats();
        float[] dy = dOut.floats();
        eachRow(out, (row, width) -> {
            double dot = 0;
            for (int i = 0; i < width; i++) {
                dot += dy[dOut.start() + row + i] * y[out.start() + row + i];
            }
            for (int i = 0; i < width; i++) {
                int to = dIn.start() + row + i;
                float gradient = y[out.start() + row + i] * (dy[dOut.start() + row + i] - (float) dot);
                dx[to] = accumulate ? dx[to] + gradient : gradient;
            }
        });
    }

    @Override
    public void logSoftmax(NdArray out, NdArray in) {
        float[] o = out.floats();
        float[] x = in.floats();
        eachRow(in, (row, width) -> {
            double logSum = logSumExp(x, in.start() + row, width);
            for (int i = 0; i < width; i++) {
                o[out.start() + row + i] = (float) (x[in.start() + row + i] - logSum);
            }
        });
    }

    @Override
    public void logSoftmaxGradient(NdArray dIn, NdArray out, NdArray dOut, boolean accumulate) {
        float[] dx = dIn.floats();
        float[] y = out.floats();
        float[] dy = dOut.floats();
        eachRow(out, (row, width) -> {
            double sum = 0;
            for (int i = 0; i < width; i++) {
                sum += dy[dOut.start() + row + i];
            }
            for (int i = 0; i < width; i++) {
                int to = dIn.start() + row + i;
                double probability = Math.exp(y[out.start() + row + i]);
                float gradient = (float) (dy[dOut.start() + row + i] - probability * sum);
                dx[to] = accumulate ? dx[to] + gradient : gradient;
            }
        });
    }

    /// What is done with the row that begins `row` elements after the array's start.
    private interface Row {
        void run(int row, int width);
    }

    private void eachRow(NdArray array, Row body) {
        int width = array.size(-1);
        int rows = width == 0 ? 0 : array.elements() / width;
        RowLoop.run(loop, rows, (long) COST_OF_EXP * width, (from, to, worker) -> {
            for (int row = from; row < to; row++) {
                body.run(row * width, width);
            }
        });
    }
}
