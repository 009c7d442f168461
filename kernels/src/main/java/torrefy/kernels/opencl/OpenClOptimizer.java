package torrefy.kernels.opencl;

import torrefy.core.backend.OptimizerKernels;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.random.RoundingBits;

/// AdamW, one pass over memory; see `optimizer.cl`.
final class OpenClOptimizer implements OptimizerKernels {

    private final Queue queue;

    OpenClOptimizer(Queue queue) {
        this.queue = queue;
    }

    @Override
    public void adamW(NdArray weights, NdArray gradient, NdArray m, NdArray v, AdamWStep step) {
        String options = (weights.type() == DataType.BF16 ? " -DHALF_W" : "")
                + (m.type() == DataType.BF16 ? " -DHALF_M" : "")
                + (v.type() == DataType.BF16 ? " -DHALF_V" : "");
        Arguments arguments = Arguments.of(weights.elements())
                .out(weights)
                .out(gradient)
                .out(m)
                .out(v)
                .and(step.beta1(), step.beta2(), step.epsilon())
                .and(1 - step.learningRate() * step.weightDecay(), step.learningRate() / step.correction1())
                .and(1 / step.correction2(), step.gradientScale())
                .and(key(step.weightRounding()), key(step.mRounding()), key(step.vRounding()));
        queue.each("optimizer.cl", options, "adamw", weights.elements(), arguments);
    }

    private static int[] key(RoundingBits bits) {
        return new int[] {bits.first(), bits.second()};
    }
}
