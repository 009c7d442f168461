package torrefy.model.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import torrefy.core.memory.Bfloat16;
import torrefy.core.memory.NdArray;

/// A channel behind a little-endian buffer.
final class LittleEndianOutput {

    /// Takes the elements of an array, one after another.
    @FunctionalInterface
    interface Sink {
        void put(float value) throws IOException;
    }

    private static final int BUFFER_BYTES = 1 << 18;

    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long flushed;

    LittleEndianOutput(FileChannel channel) {
        this.channel = channel;
    }

    /// The buffer, with room for `bytes` more, of which there are not many.
    ByteBuffer room(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            flush();
        }
        return buffer;
    }

    /// Bytes written so far.
    long position() {
        return flushed + buffer.position();
    }

    void put(byte[] bytes) throws IOException {
        for (byte b : bytes) {
            room(1).put(b);
        }
    }

    /// Writes zeros until the position is a multiple of `alignment`.
    void align(int alignment) throws IOException {
        while (position() % alignment != 0) {
            room(1).put((byte) 0);
        }
    }

    /// Writes the rest to the channel.
    void flush() throws IOException {
        flushed += buffer.position();
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    /// Hands the elements of an `F32` or a `BF16` in the Java heap to `sink`, in row-major order.
    static void forEach(NdArray array, Sink sink) throws IOException {
        int base = array.start() - array.layout().offset();
        switch (array.type()) {
            case F32 -> {
                float[] values = array.floats();
                Rows.visit(array.layout(), (from, stride, count) -> {
                    for (int i = 0; i < count; i++) {
                        sink.put(values[base + from + i * stride]);
                    }
                });
            }
            case BF16 -> {
                short[] values = array.bfloat16s();
                Rows.visit(array.layout(), (from, stride, count) -> {
                    for (int i = 0; i < count; i++) {
                        sink.put(Bfloat16.toFloat(values[base + from + i * stride]));
                    }
                });
            }
            case I32 -> throw new IllegalArgumentException("integers are no weights");
        }
    }

    /// The nearest half-precision number; what is too large for one is not to become infinite unnoticed.
    static short float16(String tensor, float value) {
        short half = Float.floatToFloat16(value);
        if (Math.abs(value) <= Float.MAX_VALUE && Float.isInfinite(Float.float16ToFloat(half))) {
            throw new IllegalArgumentException(
                    "tensor '" + tensor + "' has the value " + value + ", beyond what F16 holds; choose another type");
        }
        return half;
    }
}
