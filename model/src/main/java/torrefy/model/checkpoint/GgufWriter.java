package torrefy.model.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import torrefy.core.data.AtomicFile;

/// The container format GGUF, version 3 (github.com/ggml-org/ggml, docs/gguf.md): little-endian; `GGUF`, the version,
/// the numbers of tensors and of metadata; the metadata, each a name, a type and a value; for each tensor its name, its
/// sizes (the innermost first), its type and its place; then the tensors' data, each at a multiple of 32 bytes.
final class GgufWriter {

    private static final int VERSION = 3;
    private static final int ALIGNMENT = 32;

    // The format's numbers for the types of metadata.
    private static final int U32 = 4;
    private static final int I32 = 5;
    private static final int F32 = 6;
    private static final int BOOL = 7;
    private static final int STRING = 8;
    private static final int ARRAY = 9;

    /// A tensor and what it is stored as.
    record Entry(Counterpart tensor, GgufType type) {

        long bytes() {
            return type.bytes(tensor.shape().elements());
        }
    }

    private final LittleEndianOutput output;

    private GgufWriter(LittleEndianOutput output) {
        this.output = output;
    }

    /// Writes a file; it appears whole or not at all.
    ///
    /// @param metadata values are an `Integer` (u32), a `Float`, a `Boolean`, a `String`, a `List` of strings or an
    ///     `int[]`
    static void write(Path target, Map<String, Object> metadata, List<Entry> entries) throws IOException {
        try (AtomicFile file = AtomicFile.create(target)) {
            GgufWriter writer = new GgufWriter(new LittleEndianOutput(file.channel()));
            writer.header(metadata, entries);
            for (Entry entry : entries) {
                writer.data(entry);
            }
            writer.output.flush();
            file.commit();
        }
    }

    private void header(Map<String, Object> metadata, List<Entry> entries) throws IOException {
        output.put("GGUF".getBytes(StandardCharsets.US_ASCII));
        integer(VERSION);
        count(entries.size());
        count(metadata.size());
        for (Map.Entry<String, Object> one : metadata.entrySet()) {
            string(one.getKey());
            value(one.getValue());
        }
        long place = 0;
        for (Entry entry : entries) {
            string(entry.tensor().name());
            int[] sizes = entry.tensor().shape().sizes();
            integer(sizes.length);
            for (int axis = sizes.length - 1; axis >= 0; axis--) {
                count(sizes[axis]);
            }
            integer(entry.type().code());
            count(place);
            place = Math.ceilDiv(place + entry.bytes(), (long) ALIGNMENT) * ALIGNMENT;
        }
        output.align(ALIGNMENT);
    }

    private void integer(int value) throws IOException {
        output.room(Integer.BYTES).putInt(value);
    }

    private void count(long value) throws IOException {
        output.room(Long.BYTES).putLong(value);
    }

    private void string(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        count(bytes.length);
        output.put(bytes);
    }

    private void value(Object value) throws IOException {
        switch (value) {
            case Integer number -> {
                integer(U32);
                integer(number);
            }
            case Float number -> {
                integer(F32);
                output.room(Float.BYTES).putFloat(number);
            }
            case Boolean truth -> {
                integer(BOOL);
                output.room(1).put((byte) (truth ? 1 : 0));
            }
            case String text -> {
                integer(STRING);
                string(text);
            }
            case List<?> texts -> {
                integer(ARRAY);
                integer(STRING);
                count(texts.size());
                for (Object text : texts) {
                    string((String) text);
                }
            }
            case int[] numbers -> {
                integer(ARRAY);
                integer(I32);
                count(numbers.length);
                for (int number : numbers) {
                    integer(number);
                }
            }
            default -> throw new IllegalArgumentException("GGUF has no metadata like " + value);
        }
    }

    private void data(Entry entry) throws IOException {
        String name = entry.tensor().name();
        LittleEndianOutput.Sink sink = switch (entry.type()) {
            case F32 -> value -> output.room(Float.BYTES).putFloat(value);
            case F16 -> value -> output.room(Short.BYTES).putShort(LittleEndianOutput.float16(name, value));
            case Q8_0 -> new Blocks(name);
        };
        LittleEndianOutput.forEach(entry.tensor().values(), sink);
        output.align(ALIGNMENT);
    }

    /// Takes numbers and writes them in blocks of 32: the scale `s = max|x| / 127`, then each `round(x / s)`.
    private final class Blocks implements LittleEndianOutput.Sink {

        private final String name;
        private final float[] block = new float[GgufType.Q8_0.blockElements()];
        private int filled;

        Blocks(String name) {
            this.name = name;
        }

        @Override
        public void put(float value) throws IOException {
            block[filled++] = value;
            if (filled == block.length) {
                filled = 0;
                float largest = 0;
                for (float one : block) {
                    largest = Math.max(largest, Math.abs(one));
                }
                float scale = largest / 127;
                float inverse = scale == 0 ? 0 : 1 / scale;
                ByteBuffer room = output.room(Short.BYTES + block.length);
                room.putShort(LittleEndianOutput.float16(name, scale));
                for (float one : block) {
                    room.put(rounded(one * inverse));
                }
            }
        }

        /// To the nearest, halves away from zero.
        private static byte rounded(float value) {
            int magnitude = (int) (Math.abs(value) + 0.5f);
            return (byte) (value < 0 ? -magnitude : magnitude);
        }
    }
}
