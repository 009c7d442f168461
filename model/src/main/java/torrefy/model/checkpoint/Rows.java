package torrefy.model.checkpoint;

import java.io.IOException;
import torrefy.core.shape.Layout;
import torrefy.core.shape.Shape;

/// Walks a layout in row-major order, a stretch with one stride at a time: all of it if it is contiguous, one row of
/// the innermost axis after another otherwise.
final class Rows {

    private Rows() {}

    /// Takes `count` elements that lie at `from`, `from + stride`, …
    @FunctionalInterface
    interface Visitor {
        void row(int from, int stride, int count) throws IOException;
    }

    static void visit(Layout layout, Visitor visitor) throws IOException {
        Shape shape = layout.shape();
        if (shape.elements() == 0) {
            return;
        }
        if (layout.isContiguous()) {
            visitor.row(layout.offset(), 1, shape.elements());
            return;
        }
        int[] index = new int[shape.rank()];
        int from = layout.offset();
        int inner = shape.rank() - 1;
        for (int left = shape.elements() / shape.size(inner); left > 0; left--) {
            visitor.row(from, layout.stride(inner), shape.size(inner));
            for (int axis = inner - 1; axis >= 0; axis--) {
                from += layout.stride(axis);
                if (++index[axis] < shape.size(axis)) {
                    break;
                }
                from -= index[axis] * layout.stride(axis);
                index[axis] = 0;
            }
        }
    }
}
