package torrefy.core.memory;

import java.util.Arrays;
import java.util.Objects;

/// A buffer of ints in the Java heap: a stretch of a plain `int[]`.
public final class HostInts extends Buffer {

    private final int[] array;
    private final int start;

    private HostInts(int[] array, int start, int length) {
        super(DataType.I32, length);
        this.array = array;
        this.start = start;
    }

    /// A fresh buffer of `length` zeros.
    public static HostInts zeros(int length) {
        return new HostInts(new int[length], 0, length);
    }

    /// The whole of `array`, shared, not copied.
    public static HostInts over(int... array) {
        return new HostInts(array, 0, array.length);
    }

    /// The array this buffer lies in; its elements are `array()[start()]` to `array()[start() + length() - 1]`.
    public int[] array() {
        requireLive();
        return array;
    }

    public int start() {
        return start;
    }

    @Override
    public HostInts slice(int offset, int length) {
        Objects.checkFromIndexSize(offset, length, length());
        return withLease(new HostInts(array, start + offset, length));
    }

    @Override
    protected void poison() {
        Arrays.fill(array, start, start + length(), Integer.MIN_VALUE);
    }
}
