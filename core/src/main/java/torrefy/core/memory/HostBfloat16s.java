package torrefy.core.memory;

import java.util.Arrays;
import java.util.Objects;

/// A buffer of bfloat16 values in the Java heap: a stretch of a plain `short[]`.
public final class HostBfloat16s extends Buffer {

    /// Elements from which on an array counts as large.
    private static final int LARGE = 1 << 19;

    private static final int FIRST_ON_LINE = 24;

    private final short[] array;
    private final int start;

    private HostBfloat16s(short[] array, int start, int length) {
        super(DataType.BF16, length);
        this.array = array;
        this.start = start;
    }

    /// A fresh buffer of `length` zeros.
    public static HostBfloat16s zeros(int length) {
        return new HostBfloat16s(new short[length], 0, length);
    }

    /// A fresh buffer of `length` zeros that begins where a cache line does, if the array is large; see
    /// [HostFloats#zerosOnCacheLines].
    public static HostBfloat16s zerosOnCacheLines(int length) {
        if (length < LARGE || length > Integer.MAX_VALUE - 1024) {
            return zeros(length);
        }
        return new HostBfloat16s(new short[FIRST_ON_LINE + length], FIRST_ON_LINE, length);
    }

    /// The whole of `array`, shared, not copied.
    public static HostBfloat16s over(short... array) {
        return new HostBfloat16s(array, 0, array.length);
    }

    /// The array this buffer lies in; its elements are `array()[start()]` to `array()[start() + length() - 1]`.
    public short[] array() {
        requireLive();
        return array;
    }

    public int start() {
        return start;
    }

    @Override
    public HostBfloat16s slice(int offset, int length) {
        Objects.checkFromIndexSize(offset, length, length());
        return withLease(new HostBfloat16s(array, start + offset, length));
    }

    @Override
    protected void poison() {
        Arrays.fill(array, start, start + length(), (short) 0x7fc0);
    }
}
