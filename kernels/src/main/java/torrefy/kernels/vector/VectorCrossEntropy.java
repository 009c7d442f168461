package torrefy.kernels.vector;

import static torrefy.kernels.vector.VectorSoftmax.COST_OF_EXP;

import java.util.Arrays;
import torrefy.core.backend.CrossEntropyKernels;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.ParallelLoop;
import torrefy.kernels.strided.RowLoop;

/// Cross-entropy of rows of logits.
///
/// What it adds over [torrefy.kernels.scalar.ScalarCrossEntropy], and `CrossEntropyBenchmark` shows: a register of
/// exponentials at once ([Functions#exp]).
final class VectorCrossEntropy implements CrossEntropyKernels {

    private final ParallelLoop loop;

    VectorCrossEntropy(ParallelLoop loop) {
        this.loop = loop;
    }

    @Override
    public void crossEntropy(NdArray loss, NdArray logSumExp, NdArray logits, NdArray targets, int ignore) {
        float[] l = loss.floats();
        float[] logSum = logSumExp.floats();
        float[] x = logits.floats();
        int[] target = targets.ints();
        int width = logits.size(1);
        RowLoop.run(loop, logits.size(0), (long) COST_OF_EXP * width, (from, to, worker) -> {
            for (int n = from; n < to; n++) {
                int row = logits.start() + n * width;
                int wanted = target[targets.start() + n];
                float largest = Rows.max(x, row, width);
                double log = largest + Math.log(Rows.sumOfExp(x, row, width, largest));
                logSum[logSumExp.start() + n] = (float) log;
                l[loss.start() + n] = wanted == ignore ? 0 : (float) (log - x[row + wanted]);
            }
        });
    }

    @Override
    public void crossEntropyGradient(
            NdArray dLogits,
            NdArray dLoss,
            NdArray logits,
            NdArray logSumExp,
            NdArray targets,
            int ignore,
            boolean accumulate) {
        float[] dx = dLogits.floats();
        float[] dl = dLoss.floats();
        float[] x = logits.floats();
        float[] logSum = logSumExp.floats();
        int[] target = targets.ints();
        int width = logits.size(1);
        RowLoop.run(loop, logits.size(0), (long) COST_OF_EXP * width, (from, to, worker) -> {
            for (int n = from; n < to; n++) {
                int row = logits.start() + n * width;
                int dRow = dLogits.start() + n * width;
                int wanted = target[targets.start() + n];
                if (wanted != ignore) {
                    float scale = dl[dLoss.start() + n];
                    Rows.scaledExp(dx, dRow, x, row, width, logSum[logSumExp.start() + n], scale, accumulate);
                    dx[dRow + wanted] -= scale;
                } else if (!accumulate) {
                    Arrays.fill(dx, dRow, dRow + width, 0);
                }
            }
        });
    }
}
