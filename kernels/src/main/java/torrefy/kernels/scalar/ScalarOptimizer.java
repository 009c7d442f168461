package torrefy.kernels.scalar;

import torrefy.core.backend.OptimizerKernels;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.ParallelLoop;
import torrefy.kernels.strided.StridedLoop;

/// AdamW, one parameter after another.
final class ScalarOptimizer implements OptimizerKernels {

    private final ParallelLoop loop;

    ScalarOptimizer(ParallelLoop loop) {
        this.loop = loop;
    }

    @Override
    public void adamW(NdArray weights, NdArray gradient, NdArray m, NdArray v, AdamWStep step) {
        float[] w = weights.floats();
        float[] gradients = gradient.floats();
        float[] first = m.floats();
        float[] second = v.floats();
        float beta1 = step.beta1();
        float beta2 = step.beta2();
        float keep = 1 - step.learningRate() * step.weightDecay();
        float rate = step.learningRate() / step.correction1();
        float secondScale = 1 / step.correction2();
        StridedLoop.over(weights, gradient, m, v).run(loop, (at, stride, length) -> {
            for (int i = 0; i < length; i++) {
                float g = step.gradientScale() * gradients[at[1] + i];
                float mean = beta1 * first[at[2] + i] + (1 - beta1) * g;
                float square = beta2 * second[at[3] + i] + (1 - beta2) * g * g;
                first[at[2] + i] = mean;
                second[at[3] + i] = square;
                float root = (float) Math.sqrt(square * secondScale);
                w[at[0] + i] = keep * w[at[0] + i] - rate * mean / (root + step.epsilon());
                gradients[at[1] + i] = 0;
            }
        });
    }
}
