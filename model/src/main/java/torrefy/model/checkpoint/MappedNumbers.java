package torrefy.model.checkpoint;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.Set;
import torrefy.core.memory.Bfloat16;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;

/// Little-endian numbers in a file that is mapped into memory, to be copied once, to where they are needed. What was
/// copied leaves the process's memory (the system may keep it in its own), so that a model is in it once while it is
/// read, not twice.
///
/// @param bytes of the file
record MappedNumbers(MemorySegment bytes) {

    /// The types that can be copied: to floats, F64 being rounded to the nearest.
    static final Set<StoredType> FLOATING = EnumSet.of(StoredType.F32, StoredType.F16, StoredType.BF16, StoredType.F64);

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// Elements that are converted at a time.
    private static final int PART = 1 << 14;

    /// Elements after which pages are given back.
    private static final int BLOCK = 1 << 22;

    /// Copies numbers of `type`, which begin at byte `begin`, to `out[at]` and on.
    void copy(StoredType type, long begin, float[] out, int at, int count) {
        for (int done = 0; done < count; done += BLOCK) {
            int some = Math.min(BLOCK, count - done);
            long place = begin + (long) done * type.bytes();
            copy(type, place, out, at + done, 1, some);
            letGo(place, (long) some * type.bytes());
        }
    }

    /// Fills an `F32` or a `BF16` in the Java heap, in row-major order. A `BF16` is the nearest to what the file has.
    void copy(StoredType type, long begin, NdArray out) throws IOException {
        if (out.type() == DataType.F32 && out.isContiguous()) {
            copy(type, begin, out.floats(), out.start(), out.elements());
            return;
        }
        int base = out.start() - out.layout().offset();
        int[] done = new int[1];
        Rows.visit(out.layout(), (from, stride, count) -> {
            long place = begin + (long) done[0] * type.bytes();
            if (out.type() == DataType.BF16) {
                copy(type, place, out.bfloat16s(), base + from, stride, count);
            } else {
                copy(type, place, out.floats(), base + from, stride, count);
            }
            done[0] += count;
        });
        letGo(begin, (long) out.elements() * type.bytes());
    }

    private void copy(StoredType type, long place, float[] out, int at, int stride, int count) {
        switch (type) {
            case F32 -> {
                if (stride == 1) {
                    MemorySegment.copy(bytes, FLOAT, place, out, at, count);
                } else {
                    for (int i = 0; i < count; i++) {
                        out[at + i * stride] = bytes.get(FLOAT, place + (long) i * Float.BYTES);
                    }
                }
            }
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    out[at + i * stride] = Float.float16ToFloat(bytes.get(SHORT, place + (long) i * Short.BYTES));
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    out[at + i * stride] = Bfloat16.toFloat(bytes.get(SHORT, place + (long) i * Short.BYTES));
                }
            }
            case F64 -> {
                for (int i = 0; i < count; i++) {
                    out[at + i * stride] = (float) bytes.get(DOUBLE, place + (long) i * Double.BYTES);
                }
            }
            default -> throw new AssertionError(type.name());
        }
    }

    private void copy(StoredType type, long place, short[] out, int at, int stride, int count) {
        if (type == StoredType.BF16) {
            for (int i = 0; i < count; i++) {
                out[at + i * stride] = bytes.get(SHORT, place + (long) i * Short.BYTES);
            }
            return;
        }
        float[] part = new float[Math.min(PART, count)];
        for (int done = 0; done < count; done += PART) {
            int some = Math.min(PART, count - done);
            copy(type, place + (long) done * type.bytes(), part, 0, 1, some);
            for (int i = 0; i < some; i++) {
                out[at + (done + i) * stride] = Bfloat16.fromFloat(part[i]);
            }
        }
    }

    private void letGo(long begin, long length) {
        bytes.asSlice(begin, length).unload();
    }

    /// Whether the bytes from `begin` to `end` are those of another file from `otherBegin` on.
    boolean hasSame(long begin, long end, MappedNumbers other, long otherBegin) {
        long length = end - begin;
        return bytes.asSlice(begin, length).mismatch(other.bytes.asSlice(otherBegin, length)) < 0;
    }
}
