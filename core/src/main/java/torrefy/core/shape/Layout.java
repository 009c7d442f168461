package torrefy.core.shape;

import java.util.Arrays;

/// How the elements of a shape lie in linear memory: element `(i, j, …)` is at `offset + i·strides[0] + j·strides[1] +
/// …`.
///
/// Transposing, slicing and broadcasting change a layout and touch no element. A stride of 0 repeats one element along
/// its axis: such a layout may be read, not written.
public final class Layout {

    private final Shape shape;
    private final int[] strides;
    private final int offset;

    private Layout(Shape shape, int[] strides, int offset) {
        this.shape = shape;
        this.strides = strides;
        this.offset = offset;
    }

    /// Row-major: the innermost axis has stride 1, every other the number of elements inside it.
    public static Layout contiguous(Shape shape) {
        return new Layout(shape, rowMajor(shape), 0);
    }

    private static int[] rowMajor(Shape shape) {
        int[] strides = new int[shape.rank()];
        int inside = 1;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            strides[axis] = inside;
            inside *= Math.max(1, shape.size(axis));
        }
        return strides;
    }

    public Shape shape() {
        return shape;
    }

    public int offset() {
        return offset;
    }

    /// The distance, in elements, between neighbours along `axis`; negative axes count from the end.
    public int stride(int axis) {
        return strides[shape.axis(axis)];
    }

    /// Whether the elements lie in row-major order without gaps. The stride of an axis of size 1 does not matter.
    public boolean isContiguous() {
        if (shape.elements() == 0) {
            return true;
        }
        int inside = 1;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            if (shape.size(axis) != 1 && strides[axis] != inside) {
                return false;
            }
            inside *= shape.size(axis);
        }
        return true;
    }

    /// Reorders the axes: axis `i` of the result is axis `order[i]` of this.
    public Layout permute(int... order) {
        if (order.length != shape.rank()) {
            throw new IllegalArgumentException(
                    "permute: shape " + shape + " has " + shape.rank() + " axes, the order " + order.length);
        }
        int[] sizes = new int[order.length];
        int[] reordered = new int[order.length];
        boolean[] seen = new boolean[order.length];
        for (int i = 0; i < order.length; i++) {
            int axis = shape.axis(order[i]);
            if (seen[axis]) {
                throw new IllegalArgumentException("permute: axis " + axis + " stands twice in the order for " + shape);
            }
            seen[axis] = true;
            sizes[i] = shape.size(axis);
            reordered[i] = strides[axis];
        }
        return new Layout(Shape.of(sizes), reordered, offset);
    }

    /// Swaps two axes.
    public Layout transpose(int axisA, int axisB) {
        int a = shape.axis(axisA);
        int b = shape.axis(axisB);
        int[] swapped = strides.clone();
        swapped[a] = strides[b];
        swapped[b] = strides[a];
        int[] sizes = shape.sizes();
        sizes[a] = shape.size(b);
        sizes[b] = shape.size(a);
        return new Layout(Shape.of(sizes), swapped, offset);
    }

    /// The `length` elements along `axis` that begin at `from`.
    public Layout slice(int axis, int from, int length) {
        int a = shape.axis(axis);
        if (from < 0 || length < 0 || from > shape.size(a) - length) {
            throw new IllegalArgumentException("slice: " + from + " to " + ((long) from + length)
                    + " does not lie in axis " + axis + " of shape " + shape);
        }
        return new Layout(shape.with(a, length), strides, length == 0 ? offset : offset + from * strides[a]);
    }

    /// Stretches axes of size 1, and adds axes in front, to reach `target`; see [Broadcast].
    public Layout broadcastTo(Shape target) {
        if (target.equals(shape)) {
            return this;
        }
        if (!Broadcast.fits(shape, target)) {
            throw new IllegalArgumentException("expand: shape " + shape + " does not stretch to " + target);
        }
        int[] stretched = new int[target.rank()];
        for (int fromEnd = 1; fromEnd <= shape.rank(); fromEnd++) {
            boolean repeated = shape.size(-fromEnd) == 1 && target.size(-fromEnd) != 1;
            stretched[target.rank() - fromEnd] = repeated ? 0 : stride(-fromEnd);
        }
        return new Layout(target, stretched, offset);
    }

    /// The same elements, in row-major order, under another shape. Null if no strides can say that without a copy.
    public Layout reshape(Shape target) {
        if (target.elements() != shape.elements()) {
            throw new IllegalArgumentException("reshape: " + shape + " has " + shape.elements() + " elements, " + target
                    + " has " + target.elements());
        }
        if (isContiguous()) {
            return new Layout(target, rowMajor(target), offset);
        }
        // Axes of size 1 lie anywhere; what the others say counts.
        int[] sizes = new int[shape.rank()];
        int[] steps = new int[shape.rank()];
        int rank = 0;
        for (int axis = 0; axis < shape.rank(); axis++) {
            if (shape.size(axis) != 1) {
                sizes[rank] = shape.size(axis);
                steps[rank++] = strides[axis];
            }
        }
        // Walk both shapes from the front in groups of axes that hold equally many elements; inside a group of the
        // old shape the axes must lie without gaps, then the group can be cut up anew.
        int[] cut = new int[target.rank()];
        Arrays.fill(cut, 1);
        int old = 0;
        int fresh = 0;
        while (old < rank) {
            int oldEnd = old + 1;
            int freshEnd = fresh + 1;
            long oldCount = sizes[old];
            long freshCount = target.size(fresh);
            while (oldCount != freshCount) {
                if (oldCount < freshCount) {
                    oldCount *= sizes[oldEnd++];
                } else {
                    freshCount *= target.size(freshEnd++);
                }
            }
            for (int axis = old; axis < oldEnd - 1; axis++) {
                if (steps[axis] != steps[axis + 1] * sizes[axis + 1]) {
                    return null;
                }
            }
            int stride = steps[oldEnd - 1];
            for (int axis = freshEnd - 1; axis >= fresh; axis--) {
                cut[axis] = stride;
                stride *= target.size(axis);
            }
            old = oldEnd;
            fresh = freshEnd;
        }
        return new Layout(target, cut, offset);
    }

    @Override
    public String toString() {
        return shape + " strides " + Arrays.toString(strides) + " offset " + offset;
    }
}
