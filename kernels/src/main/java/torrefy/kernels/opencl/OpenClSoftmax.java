package torrefy.kernels.opencl;

import torrefy.core.backend.SoftmaxKernels;
import torrefy.core.memory.NdArray;

/// Softmax of rows; see `softmax.cl`.
final class OpenClSoftmax implements SoftmaxKernels {

    static final String PROGRAM = "softmax.cl";

    private final Queue queue;

    OpenClSoftmax(Queue queue) {
        this.queue = queue;
    }

    @Override
    public void softmax(NdArray out, NdArray in) {
        rows("softmax", in, Arguments.of(in.size(-1)).out(out).in(in));
    }

    @Override
    public void softmaxGradient(NdArray dIn, NdArray out, NdArray dOut, boolean accumulate) {
        rows("softmax_gradient", out, gradient(dIn, out, dOut, accumulate));
    }

    @Override
    public void logSoftmax(NdArray out, NdArray in) {
        rows("log_softmax", in, Arguments.of(in.size(-1)).out(out).in(in));
    }

    @Override
    public void logSoftmaxGradient(NdArray dIn, NdArray out, NdArray dOut, boolean accumulate) {
        rows("log_softmax_gradient", out, gradient(dIn, out, dOut, accumulate));
    }

    private static Arguments gradient(NdArray dIn, NdArray out, NdArray dOut, boolean accumulate) {
        return Arguments.of(out.size(-1)).out(dIn).in(out).in(dOut).and(accumulate);
    }

    private void rows(String kernel, NdArray array, Arguments arguments) {
        int width = array.size(-1);
        queue.rows(PROGRAM, "", kernel, width == 0 ? 0 : array.elements() / width, arguments);
    }
}
