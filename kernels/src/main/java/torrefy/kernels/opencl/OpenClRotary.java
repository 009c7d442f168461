package torrefy.kernels.opencl;

import torrefy.core.backend.RotaryKernels;
import torrefy.core.memory.NdArray;

/// Rotary position embedding; see `rotary.cl`.
final class OpenClRotary implements RotaryKernels {

    private final Queue queue;

    OpenClRotary(Queue queue) {
        this.queue = queue;
    }

    @Override
    public void rotate(NdArray out, NdArray in, NdArray cos, NdArray sin, Pairing pairing, boolean inverse) {
        int half = in.size(-1) / 2;
        int pairs = in.elements() / 2;
        int outer = in.rank() - 2;
        int[] sizes = new int[outer];
        int[][] strides = new int[2][outer];
        for (int axis = 0; axis < outer; axis++) {
            sizes[axis] = in.size(axis);
            strides[0][axis] = out.stride(axis);
            strides[1][axis] = in.stride(axis);
        }
        Axes axes = Axes.of(sizes, strides);
        Arguments arguments = Arguments.of(pairs, in.size(-2), half)
                .out(out)
                .and(axes.strides()[0], out.stride(-2))
                .in(in)
                .and(axes.strides()[1], in.stride(-2))
                .and(axes.rank(), axes.sizes())
                .in(cos)
                .in(sin)
                .and(pairing == Pairing.NEIGHBOURS, inverse);
        queue.each("rotary.cl", "", "rotate_pairs", pairs, arguments);
    }
}
