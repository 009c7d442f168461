package torrefy.kernels.scalar;

import static torrefy.kernels.scalar.ScalarSoftmax.COST_OF_EXP;

import torrefy.core.backend.CrossEntropyKernels;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.ParallelLoop;
import torrefy.kernels.strided.RowLoop;

/// Cross-entropy of rows of logits.
final class ScalarCrossEntropy implements CrossEntropyKernels {

    private final ParallelLoop loop;

    ScalarCrossEntropy(ParallelLoop loop) {
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
                double log = ScalarSoftmax.logSumExp(x, row, width);
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
                float scale = wanted == ignore ? 0 : dl[dLoss.start() + n];
                float log = logSum[logSumExp.start() + n];
                for (int v = 0; v < width; v++) {
                    // An ignored row is assigned zeros, whatever its logits are.
                    float gradient = wanted == ignore ? 0 : scale * (float) Math.exp(x[row + v] - log);
                    dx[dRow + v] = accumulate ? dx[dRow + v] + gradient : gradient;
                }
                if (wanted != ignore) {
                    dx[dRow + wanted] -= scale;
                }
            }
        });
    }
}
