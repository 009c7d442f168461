package torrefy.core.memory;

import java.util.Arrays;
import java.util.Objects;

/// A buffer of floats in the Java heap: a stretch of a plain `float[]`.
public final class HostFloats extends Buffer {

    private final float[] array;
    private final int start;

    private HostFloats(float[] array, int start, int length) {
        super(DataType.F32, length);
        this.array = array;
        this.start = start;
    }

    /// A fresh buffer of `length` zeros.
    public static HostFloats zeros(int length) {
        return new HostFloats(new float[length], 0, length);
    }

    /// The whole of `array`, shared, not copied.
    public static HostFloats over(float... array) {
        return new HostFloats(array, 0, array.length);
    }

    /// The array this buffer lies in; its elements are `array()[start()]` to `array()[start() + length() - 1]`.
    public float[] array() {
        requireLive();
        return array;
    }

    public int start() {
        return start;
    }

    @Override
    public HostFloats slice(int offset, int length) {
        Objects.checkFromIndexSize(offset, length, length());
        return withLease(new HostFloats(array, start + offset, length));
    }

    @Override
    protected void poison() {
        Arrays.fill(array, start, start + length(), Float.NaN);
    }
}
