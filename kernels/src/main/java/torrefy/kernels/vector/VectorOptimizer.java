package torrefy.kernels.vector;

import static torrefy.kernels.vector.Lanes.COUNT;
import static torrefy.kernels.vector.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import torrefy.core.backend.OptimizerKernels;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.ParallelLoop;

/// AdamW, a register of parameters at once.
///
/// What it adds over [torrefy.kernels.scalar.ScalarOptimizer], and `OptimizerBenchmark` shows: the update runs at the
/// speed of memory, of which four streams are read and the same four written; the square root and the division hide
/// behind them.
final class VectorOptimizer implements OptimizerKernels {

    /// Elements in a piece of work: 256 KiB of each of the four arrays, so that the processor's prefetching, which
    /// begins anew with each piece, has a long way to run.
    private static final int PIECE = 1 << 16;

    private final ParallelLoop loop;

    VectorOptimizer(ParallelLoop loop) {
        this.loop = loop;
    }

    @Override
    public void adamW(NdArray weights, NdArray gradient, NdArray m, NdArray v, AdamWStep step) {
        float[] w = weights.floats();
        float[] g = gradient.floats();
        float[] first = m.floats();
        float[] second = v.floats();
        Factors factors = new Factors(step);
        int elements = weights.elements();
        loop.run(Math.ceilDiv(elements, PIECE), (piece, worker) -> {
            int from = piece * PIECE;
            int length = Math.min(PIECE, elements - from);
            factors.update(
                    w,
                    weights.start() + from,
                    g,
                    gradient.start() + from,
                    first,
                    m.start() + from,
                    second,
                    v.start() + from,
                    length);
        });
    }

    /// The numbers that are the same for all parameters.
    private record Factors(
            float scale, float beta1, float beta2, float keep, float rate, float secondScale, float epsilon) {

        Factors(AdamWStep step) {
            this(
                    step.gradientScale(),
                    step.beta1(),
                    step.beta2(),
                    1 - step.learningRate() * step.weightDecay(),
                    step.learningRate() / step.correction1(),
                    1 / step.correction2(),
                    step.epsilon());
        }

        void update(float[] w, int wAt, float[] g, int gAt, float[] m, int mAt, float[] v, int vAt, int length) {
            FloatVector zero = FloatVector.zero(FLOATS);
            int i = 0;
            for (; i <= length - COUNT; i += COUNT) {
                FloatVector scaled = FloatVector.fromArray(FLOATS, g, gAt + i).mul(scale);
                FloatVector mean =
                        FloatVector.fromArray(FLOATS, m, mAt + i).mul(beta1).add(scaled.mul(1 - beta1));
                FloatVector square = FloatVector.fromArray(FLOATS, v, vAt + i)
                        .mul(beta2)
                        .add(scaled.mul(1 - beta2).mul(scaled));
                mean.intoArray(m, mAt + i);
                square.intoArray(v, vAt + i);
                FloatVector root = square.mul(secondScale).sqrt();
                FloatVector change = mean.mul(rate).div(root.add(epsilon));
                FloatVector.fromArray(FLOATS, w, wAt + i).mul(keep).sub(change).intoArray(w, wAt + i);
                zero.intoArray(g, gAt + i);
            }
            for (; i < length; i++) {
                float scaled = scale * g[gAt + i];
                float mean = beta1 * m[mAt + i] + (1 - beta1) * scaled;
                float square = beta2 * v[vAt + i] + (1 - beta2) * scaled * scaled;
                m[mAt + i] = mean;
                v[vAt + i] = square;
                float root = (float) Math.sqrt(square * secondScale);
                w[wAt + i] = keep * w[wAt + i] - rate * mean / (root + epsilon);
                g[gAt + i] = 0;
            }
        }
    }
}
