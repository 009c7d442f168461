package torrefy.kernels;

import java.util.Arrays;
import torrefy.core.shape.Layout;
import torrefy.core.shape.Shape;

/// The ways in which an array may lie in memory.
enum Placement {
    /// Row-major, without gaps.
    CONTIGUOUS,
    /// Row-major, but not from the first element on.
    OFFSET,
    /// A part of a larger array: rows with something between them.
    GAPPED,
    /// All axes in reverse order.
    TRANSPOSED,
    /// One row for all: stride 0 along the outermost axis. To be read only.
    SAME_ROW,
    /// One element for a whole row: stride 0 along the innermost axis. To be read only.
    SAME_IN_ROW;

    static final Placement[] READABLE = values();
    static final Placement[] WRITABLE = {CONTIGUOUS, OFFSET, GAPPED, TRANSPOSED};
    static final Placement[] DENSE = {CONTIGUOUS, OFFSET};

    /// A layout of `shape` of this kind. Rank 0 lies always the same.
    Layout layout(Shape shape) {
        if (shape.rank() == 0) {
            return Layout.contiguous(shape);
        }
        return switch (this) {
            case CONTIGUOUS -> Layout.contiguous(shape);
            case OFFSET -> Layout.contiguous(shape.with(0, shape.size(0) + 2)).slice(0, 1, shape.size(0));
            case GAPPED -> Layout.contiguous(shape.with(-1, shape.size(-1) + 3)).slice(-1, 2, shape.size(-1));
            case TRANSPOSED -> Layout.contiguous(reversed(shape)).permute(reversedOrder(shape.rank()));
            case SAME_ROW -> Layout.contiguous(shape.with(0, 1)).broadcastTo(shape);
            case SAME_IN_ROW -> Layout.contiguous(shape.with(-1, 1)).broadcastTo(shape);
        };
    }

    private static Shape reversed(Shape shape) {
        int[] sizes = new int[shape.rank()];
        Arrays.setAll(sizes, i -> shape.size(shape.rank() - 1 - i));
        return Shape.of(sizes);
    }

    private static int[] reversedOrder(int rank) {
        int[] order = new int[rank];
        Arrays.setAll(order, i -> rank - 1 - i);
        return order;
    }
}
