package torrefy.kernels.vector;

import static torrefy.kernels.vector.Lanes.COUNT;
import static torrefy.kernels.vector.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import torrefy.core.backend.SoftmaxKernels;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.ParallelLoop;
import torrefy.kernels.strided.RowLoop;

/// Softmax of rows.
///
/// What it adds over [torrefy.kernels.scalar.ScalarSoftmax], and `SoftmaxBenchmark` shows: a register of exponentials
/// at once, made of multiply-adds ([Functions#exp]).
final class VectorSoftmax implements SoftmaxKernels {

    /// An exponential costs about as much as this many additions.
    static final int COST_OF_EXP = 4;

    private final ParallelLoop loop;

    VectorSoftmax(ParallelLoop loop) {
        this.loop = loop;
    }

    @Override
    public void softmax(NdArray out, NdArray in) {
        float[] o = out.floats();
        float[] x = in.floats();
        eachRow(in, (row, width) -> {
            int from = in.start() + row;
            int to = out.start() + row;
            double sum = Rows.expAndSum(o, to, x, from, width, Rows.max(x, from, width));
            Rows.scale(o, to, width, (float) (1 / sum));
        });
    }

    @Override
    public void softmaxGradient(NdArray dIn, NdArray out, NdArray dOut, boolean accumulate) {
        float[] dx = dIn.floats();
        float[] y = out.floats();
        float[] dy = dOut.floats();
        eachRow(out, (row, width) -> {
            int atY = out.start() + row;
            int atDy = dOut.start() + row;
            float dot = Rows.dot(dy, atDy, y, atY, width);
            gradient(dx, dIn.start() + row, y, atY, dy, atDy, width, dot, accumulate);
        });
    }

    /// `dIn = out ⊙ (dOut − dot)`
    private static void gradient(
            float[] dx, int atDx, float[] y, int atY, float[] dy, int atDy, int width, float dot, boolean accumulate) {
        int i = 0;
        for (; i <= width - COUNT; i += COUNT) {
            FloatVector weighted =
                    FloatVector.fromArray(FLOATS, dy, atDy + i).sub(dot).mul(FloatVector.fromArray(FLOATS, y, atY + i));
            if (accumulate) {
                weighted = weighted.add(FloatVector.fromArray(FLOATS, dx, atDx + i));
            }
            weighted.intoArray(dx, atDx + i);
        }
        for (; i < width; i++) {
            float weighted = (dy[atDy + i] - dot) * y[atY + i];
            dx[atDx + i] = accumulate ? dx[atDx + i] + weighted : weighted;
        }
    }

    @Override
    public void logSoftmax(NdArray out, NdArray in) {
        float[] o = out.floats();
        float[] x = in.floats();
        eachRow(in, (row, width) -> {
            int from = in.start() + row;
            int to = out.start() + row;
            float largest = Rows.max(x, from, width);
            float logSum = (float) Math.log(Rows.sumOfExp(x, from, width, largest));
            Rows.subtract(o, to, x, from, width, largest);
            Rows.subtract(o, to, o, to, width, logSum);
        });
    }

    @Override
    public void logSoftmaxGradient(NdArray dIn, NdArray out, NdArray dOut, boolean accumulate) {
        float[] dx = dIn.floats();
        float[] y = out.floats();
        float[] dy = dOut.floats();
        eachRow(out, (row, width) -> {
            int to = dIn.start() + row;
            int from = dOut.start() + row;
            float sum = Rows.sum(dy, from, width);
            if (accumulate) {
                Rows.add(dx, to, dy, from, width);
            } else {
                System.arraycopy(dy, from, dx, to, width);
            }
            Rows.scaledExp(dx, to, y, out.start() + row, width, 0, -sum, true);
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
