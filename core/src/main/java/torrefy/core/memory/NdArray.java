package torrefy.core.memory;

import torrefy.core.shape.Layout;
import torrefy.core.shape.Shape;

/// An n-dimensional array: a [Buffer] and the [Layout] by which to read it. What kernels take and fill.
///
/// Several arrays may look at one buffer: a transpose, a slice and a broadcast are new layouts over the same memory.
public record NdArray(Buffer buffer, Layout layout) {

    /// `buffer` in row-major order under `shape`.
    public static NdArray of(Buffer buffer, Shape shape) {
        if (shape.elements() > buffer.length()) {
            throw new IllegalArgumentException(
                    "shape " + shape + " needs " + shape.elements() + " elements, the buffer has " + buffer.length());
        }
        return new NdArray(buffer, Layout.contiguous(shape));
    }

    /// `values` in row-major order under `shape`, shared, not copied.
    public static NdArray of(float[] values, int... shape) {
        return of(HostFloats.over(values), Shape.of(shape));
    }

    /// `values` in row-major order under `shape`, shared, not copied.
    public static NdArray of(int[] values, int... shape) {
        return of(HostInts.over(values), Shape.of(shape));
    }

    public DataType type() {
        return buffer.type();
    }

    public Shape shape() {
        return layout.shape();
    }

    /// The size along `axis`; negative axes count from the end.
    public int size(int axis) {
        return layout.shape().size(axis);
    }

    /// The stride along `axis`, in elements; negative axes count from the end.
    public int stride(int axis) {
        return layout.stride(axis);
    }

    public int rank() {
        return layout.shape().rank();
    }

    public int elements() {
        return layout.shape().elements();
    }

    public boolean isContiguous() {
        return layout.isContiguous();
    }

    /// The same memory under another layout.
    public NdArray with(Layout other) {
        return new NdArray(buffer, other);
    }

    /// The same memory under another shape; throws if that would need a copy.
    public NdArray reshape(Shape shape) {
        Layout reshaped = layout.reshape(shape);
        if (reshaped == null) {
            throw new IllegalArgumentException("reshape: " + layout + " is not contiguous; copy it first");
        }
        return with(reshaped);
    }

    /// The same memory as a matrix whose columns are the innermost axis: `(…, n)` becomes `(rows, n)`.
    public NdArray rows() {
        int columns = rank() == 0 ? 1 : size(-1);
        return reshape(Shape.of(columns == 0 ? 0 : elements() / columns, columns));
    }

    /// The array of an `F32` in the Java heap; the first element is at [#start].
    public float[] floats() {
        if (buffer instanceof HostFloats host) {
            return host.array();
        }
        throw notHost(DataType.F32);
    }

    /// The array of an `I32` in the Java heap; the first element is at [#start].
    public int[] ints() {
        if (buffer instanceof HostInts host) {
            return host.array();
        }
        throw notHost(DataType.I32);
    }

    /// The array of a `BF16` in the Java heap; the first element is at [#start].
    public short[] bfloat16s() {
        if (buffer instanceof HostBfloat16s host) {
            return host.array();
        }
        throw notHost(DataType.BF16);
    }

    /// The index of the first element in the Java array behind a host buffer.
    public int start() {
        int base = switch (buffer.type()) {
            case F32 -> buffer instanceof HostFloats host ? host.start() : 0;
            case I32 -> buffer instanceof HostInts host ? host.start() : 0;
            case BF16 -> buffer instanceof HostBfloat16s host ? host.start() : 0;
        };
        return base + layout.offset();
    }

    private IllegalArgumentException notHost(DataType wanted) {
        return new IllegalArgumentException("expected " + wanted + " in the Java heap, got " + buffer.type() + " in a "
                + buffer.getClass().getSimpleName());
    }
}
