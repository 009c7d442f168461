package torrefy.core.shape;

import java.util.Arrays;

/// The sizes of an array along each of its axes, outermost first: `(2, 3)` has two rows of three. Rank 0 is a
/// single number.
///
/// The number of elements is an `int`, because the memory behind it is a Java array; a shape with more is refused.
public final class Shape {

    /// The shape of a single number.
    public static final Shape SCALAR = new Shape(new int[0]);

    private final int[] sizes;
    private final int elements;

    private Shape(int[] sizes) {
        long product = 1;
        for (int size : sizes) {
            if (size < 0) {
                throw new IllegalArgumentException("shape " + text(sizes) + ": sizes must not be negative");
            }
            product = Math.multiplyExact(product, (long) size);
            if (product > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "shape " + text(sizes) + ": more than 2^31 - 1 elements in one array");
            }
        }
        this.sizes = sizes;
        this.elements = (int) product;
    }

    public static Shape of(int... sizes) {
        return sizes.length == 0 ? SCALAR : new Shape(sizes.clone());
    }

    public int rank() {
        return sizes.length;
    }

    /// The size along `axis`; negative axes count from the end, −1 is the innermost.
    public int size(int axis) {
        return sizes[axis(axis)];
    }

    /// The number of elements: the product of the sizes, 1 for rank 0.
    public int elements() {
        return elements;
    }

    public int[] sizes() {
        return sizes.clone();
    }

    /// `axis` counted from the front; throws if this shape has no such axis.
    public int axis(int axis) {
        int fromFront = axis < 0 ? axis + sizes.length : axis;
        if (fromFront < 0 || fromFront >= sizes.length) {
            throw new IllegalArgumentException("axis " + axis + " does not exist in shape " + this);
        }
        return fromFront;
    }

    /// This shape with another size along `axis`.
    public Shape with(int axis, int size) {
        int[] changed = sizes.clone();
        changed[axis(axis)] = size;
        return new Shape(changed);
    }

    /// This shape with `axes` reduced to size 1; all of them if none is named.
    public Shape reduced(int... axes) {
        int[] changed = sizes.clone();
        if (axes.length == 0) {
            Arrays.fill(changed, 1);
        }
        for (int axis : axes) {
            changed[axis(axis)] = 1;
        }
        return new Shape(changed);
    }

    /// This shape without `axes`; all of them are dropped if none is named.
    public Shape without(int... axes) {
        if (axes.length == 0) {
            return SCALAR;
        }
        boolean[] dropped = new boolean[sizes.length];
        for (int axis : axes) {
            dropped[axis(axis)] = true;
        }
        int[] kept = new int[sizes.length];
        int rank = 0;
        for (int axis = 0; axis < sizes.length; axis++) {
            if (!dropped[axis]) {
                kept[rank++] = sizes[axis];
            }
        }
        return new Shape(Arrays.copyOf(kept, rank));
    }

    /// The shape made of the axes `from` (inclusive) to `to` (exclusive).
    public Shape slice(int from, int to) {
        return new Shape(Arrays.copyOfRange(sizes, from, to));
    }

    /// This shape followed by the axes of `inner`.
    public Shape concat(Shape inner) {
        int[] joined = Arrays.copyOf(sizes, sizes.length + inner.sizes.length);
        System.arraycopy(inner.sizes, 0, joined, sizes.length, inner.sizes.length);
        return new Shape(joined);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(sizes, shape.sizes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sizes);
    }

    /// `(2, 3)`, as error messages show it.
    @Override
    public String toString() {
        return text(sizes);
    }

    private static String text(int[] sizes) {
        String list = Arrays.toString(sizes);
        return "(" + list.substring(1, list.length() - 1) + ")";
    }
}
