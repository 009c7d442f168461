package torrefy.kernels.vector;

import static torrefy.kernels.vector.Lanes.COUNT;
import static torrefy.kernels.vector.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import torrefy.core.backend.OptimizerKernels;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.ParallelLoop;
import torrefy.kernels.strided.StridedLoop;

/// AdamW, a register of parameters at once.
///
/// What it adds over [torrefy.kernels.scalar.ScalarOptimizer], and `OptimizerBenchmark` shows: the update runs at the
/// speed of memory, which is read once and written once.
final class VectorOptimizer implements OptimizerKernels {

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
        StridedLoop.over(weights, gradient, m, v)
                .run(
                        loop,
                        (at, stride, length) ->
                                factors.update(w, at[0], g, at[1], first, at[2], second, at[3], length));
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
            }
            for (; i < length; i++) {
                float scaled = scale * g[gAt + i];
                float mean = beta1 * m[mAt + i] + (1 - beta1) * scaled;
                float square = beta2 * v[vAt + i] + (1 - beta2) * scaled * scaled;
                m[mAt + i] = mean;
                v[vAt + i] = square;
                float root = (float) Math.sqrt(square * secondScale);
                w[wAt + i] = keep * w[wAt + i] - rate * mean / (root + epsilon);
            }
        }
    }
}
