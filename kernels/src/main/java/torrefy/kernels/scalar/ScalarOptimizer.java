package torrefy.kernels.scalar;

import torrefy.core.backend.OptimizerKernels;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.ParallelLoop;
import torrefy.kernels.strided.RowLoop;

/// AdamW, one parameter after another.
final class ScalarOptimizer implements OptimizerKernels {

    private final ParallelLoop loop;

    ScalarOptimizer(ParallelLoop loop) {
        this.loop = loop;
    }

    @Override
    public void adamW(NdArray weights, NdArray gradient, NdArray m, NdArray v, NdArray factor, AdamWStep step) {
        float clipping = factor == null ? 1 : factor.floats()[factor.start()];
        if (Float.isNaN(clipping)) {
            return;
        }
        float scale = step.gradientScale() * clipping;
        Stored w = Stored.of(weights, step.weightRounding());
        Stored means = Stored.of(m, step.mRounding());
        Stored squares = Stored.of(v, step.vRounding());
        float[] gradients = gradient.floats();
        float beta1 = step.beta1();
        float beta2 = step.beta2();
        float keep = 1 - step.learningRate() * step.weightDecay();
        float rate = step.learningRate() / step.correction1();
        float secondScale = 1 / step.correction2();
        RowLoop.run(loop, weights.elements(), 1, (from, to, worker) -> {
            for (int i = from; i < to; i++) {
                float g = scale * gradients[gradient.start() + i];
                float mean = beta1 * means.get(i) + (1 - beta1) * g;
                float square = beta2 * squares.get(i) + (1 - beta2) * g * g;
                float root = (float) Math.sqrt(square * secondScale);
                w.set(i, keep * w.get(i) - rate * mean / (root + step.epsilon()));
                means.set(i, mean);
                squares.set(i, square);
                gradients[gradient.start() + i] = 0;
            }
        });
    }
}
