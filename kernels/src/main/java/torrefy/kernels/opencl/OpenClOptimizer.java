package torrefy.kernels.opencl;

import java.util.List;
import torrefy.core.backend.OptimizerKernels;
import torrefy.core.backend.ReductionKernels;
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
    public void adamW(NdArray weights, NdArray gradient, NdArray m, NdArray v, NdArray factor, AdamWStep step) {
        String options = (factor == null ? "" : " -DFACTOR")
                + (weights.type() == DataType.BF16 ? " -DHALF_W" : "")
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
                .in(factor)
                .and(key(step.weightRounding()), key(step.mRounding()), key(step.vRounding()));
        int items = Math.ceilDiv(weights.elements(), queue.rowWidth());
        queue.each("optimizer.cl", queue.rowOptions() + options, "adamw", items, arguments);
    }

    @Override
    public void clip(NdArray norm, NdArray factor, List<NdArray> gradients, float limit, ReductionKernels reduction) {
        int parts = 0;
        for (NdArray gradient : gradients) {
            parts += OpenClReduction.partsOfSquares(gradient);
        }
        DeviceBuffer partial = queue.temporary(Temporary.SQUARES, DataType.I32, 2 * Math.max(1, parts));
        int first = 0;
        for (NdArray gradient : gradients) {
            OpenClReduction.squares(queue, partial, first, gradient);
            first += OpenClReduction.partsOfSquares(gradient);
        }
        Arguments arguments = Arguments.of(parts, partial).out(norm).out(factor).and(limit);
        OpenClReduction.run(queue, "clip", 1, arguments);
    }

    private static int[] key(RoundingBits bits) {
        return new int[] {bits.first(), bits.second()};
    }
}
