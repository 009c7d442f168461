package torrefy.kernels.opencl;

import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;

/// A matrix, or a batch of them, as the kernels of matrix products are told of it: where it begins, and the strides of
/// its last three axes. An axis in front of those that is not simply a batch is one of the host's loops.
record MatmulOperand(DeviceBuffer buffer, int start, int batch, int row, int column) {

    /// One product of a batch of matrices, `c (+)= a·b`, with `a` of `m` rows and `k` columns and `b` of `n` columns.
    interface Product {
        void multiply(MatmulOperand c, MatmulOperand a, MatmulOperand b, int batch, int m, int n, int k);
    }

    /// Whether it is bfloat16 numbers that are stored.
    boolean isHalf() {
        return buffer.type() == DataType.BF16;
    }

    /// Whether every `count` elements that lie side by side, from a multiple of `count` along an axis of stride 1,
    /// begin at a multiple of `count` in memory.
    boolean isAlignedTo(int count) {
        int other = column == 1 ? row : column;
        return start % count == 0 && batch % count == 0 && other % count == 0;
    }

    /// The same, beginning later by `elements`.
    MatmulOperand from(int elements) {
        return new MatmulOperand(buffer, start + elements, batch, row, column);
    }

    /// The products that make up one of any number of axes.
    static void each(NdArray out, NdArray a, NdArray b, Product product) {
        int m = out.size(-2);
        int n = out.size(-1);
        int k = a.size(-1);
        if (out.elements() == 0) {
            return;
        }
        int rank = out.rank();
        int batch = rank > 2 ? out.size(-3) : 1;
        int outer = out.elements() / (m * n * batch);
        if (batch > 1 && isOneMatrix(out) && isOneMatrix(a) && b.stride(-3) == 0) {
            // One b for the whole batch: the rows of all matrices are those of one.
            m *= batch;
            batch = 1;
        }
        Arguments.buffer(out).memory().forgetUploaded();
        for (int i = 0; i < outer; i++) {
            product.multiply(of(out, i), of(a, i), of(b, i), batch, m, n, k);
        }
    }

    private static boolean isOneMatrix(NdArray array) {
        return array.stride(-3) == array.stride(-2) * array.size(-2);
    }

    /// The i-th of the batches that the axes before the last three count.
    private static MatmulOperand of(NdArray array, int i) {
        int start = Arguments.start(array);
        int rest = i;
        for (int axis = array.rank() - 4; axis >= 0; axis--) {
            start += rest % array.size(axis) * array.stride(axis);
            rest /= array.size(axis);
        }
        int batch = array.rank() > 2 ? array.stride(-3) : 0;
        return new MatmulOperand(Arguments.buffer(array), start, batch, array.stride(-2), array.stride(-1));
    }
}
