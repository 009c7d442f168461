package torrefy.kernels.opencl;

import torrefy.core.backend.CrossEntropyKernels;
import torrefy.core.memory.NdArray;

/// Cross-entropy of rows of logits; see `softmax.cl`.
final class OpenClCrossEntropy implements CrossEntropyKernels {

    private final Queue queue;

    OpenClCrossEntropy(Queue queue) {
        this.queue = queue;
    }

    @Override
    public void crossEntropy(NdArray loss, NdArray logSumExp, NdArray logits, NdArray targets, int ignore) {
        Arguments arguments = Arguments.of(logits.size(1))
                .out(loss)
                .out(logSumExp)
                .in(logits)
                .in(targets)
                .and(ignore);
        queue.rows(OpenClSoftmax.PROGRAM, "", "cross_entropy", logits.size(0), arguments);
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
        Arguments arguments = Arguments.of(logits.size(1))
                .out(dLogits)
                .in(dLoss)
                .in(logits)
                .in(logSumExp)
                .in(targets)
                .and(ignore, accumulate);
        queue.rows(OpenClSoftmax.PROGRAM, "", "cross_entropy_gradient", logits.size(0), arguments);
    }
}
