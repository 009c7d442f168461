package torrefy.model.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import torrefy.core.data.AtomicFile;
import torrefy.core.memory.Bfloat16;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;

/// Writes safetensors files that other libraries load; see [SafetensorsReader] for the format.
///
/// The file appears whole or not at all ([AtomicFile]).
public final class SafetensorsWriter {

    private SafetensorsWriter() {}

    /// A tensor to be written.
    ///
    /// @param name its key; must not be empty or `__metadata__`
    /// @param type what it is stored as: F32, F16, BF16 or F64 for an `F32` or `BF16` array, I32 for an `I32`
    /// @param shape its sizes
    /// @param array its values, in the Java heap, as many as the shape has, with any strides; they are written in
    ///     row-major order
    public record Entry(String name, StoredType type, Shape shape, NdArray array) {
        public Entry {
            if (name.isEmpty() || name.equals("__metadata__")) {
                throw new IllegalArgumentException("safetensors: a tensor cannot be called '" + name + "'");
            }
            boolean whole = type == StoredType.I32;
            boolean floating = type == StoredType.F32
                    || type == StoredType.F16
                    || type == StoredType.BF16
                    || type == StoredType.F64;
            boolean fits = switch (array.type()) {
                case F32, BF16 -> floating;
                case I32 -> whole;
            };
            if (shape.elements() != array.elements()) {
                throw new IllegalArgumentException("safetensors: tensor '" + name + "' of shape " + shape
                        + " cannot have the elements of " + array.shape());
            }
            if (!fits) {
                throw new IllegalArgumentException(
                        "safetensors: tensor '" + name + "' is " + array.type() + " and cannot be stored as " + type);
            }
        }

        /// `array` in its own shape.
        public Entry(String name, StoredType type, NdArray array) {
            this(name, type, array.shape(), array);
        }

        /// `array` under `name` in its own type.
        public static Entry of(String name, NdArray array) {
            return new Entry(name, StoredType.valueOf(array.type().name()), array);
        }
    }

    /// Writes `tensors` and `metadata` to `target`, replacing what was there. `format` is set to `pt`, as other
    /// libraries expect, unless `metadata` says otherwise.
    ///
    /// @throws IllegalArgumentException if two tensors have one name
    /// @throws IOException if the file cannot be written; `target` is then what it was
    public static void write(Path target, Map<String, String> metadata, List<Entry> tensors) throws IOException {
        // Wide elements first: every tensor then begins at a multiple of its element's size.
        List<Entry> order = new ArrayList<>(tensors);
        order.sort(
                Comparator.comparingInt((Entry entry) -> entry.type().bytes()).reversed());
        byte[] json = header(target, metadata, order).toJson();
        try (AtomicFile file = AtomicFile.create(target)) {
            LittleEndianOutput output = new LittleEndianOutput(file.channel());
            output.room(Long.BYTES).putLong(json.length);
            output.put(json);
            for (Entry entry : order) {
                write(output, entry);
            }
            output.flush();
            file.commit();
        }
    }

    private static SafetensorsHeader header(Path target, Map<String, String> metadata, List<Entry> order) {
        Map<String, String> strings = new LinkedHashMap<>();
        strings.put("format", "pt");
        strings.putAll(metadata);
        Map<String, StoredTensor> stored = new LinkedHashMap<>();
        long begin = 0;
        for (Entry entry : order) {
            long end = begin + (long) entry.array().elements() * entry.type().bytes();
            StoredTensor tensor = new StoredTensor(entry.name(), entry.type(), entry.shape(), begin, end);
            if (stored.put(entry.name(), tensor) != null) {
                throw new IllegalArgumentException(target + ": two tensors are called '" + entry.name() + "'");
            }
            begin = end;
        }
        return new SafetensorsHeader(strings, stored);
    }

    private static void write(LittleEndianOutput output, Entry entry) throws IOException {
        if (entry.array().type() == DataType.I32) {
            writeIntegers(output, entry.array());
            return;
        }
        StoredType type = entry.type();
        LittleEndianOutput.forEach(entry.array(), value -> {
            ByteBuffer room = output.room(type.bytes());
            switch (type) {
                case F32 -> room.putFloat(value);
                case F16 -> room.putShort(LittleEndianOutput.float16(entry.name(), value));
                case BF16 -> room.putShort(Bfloat16.fromFloat(value));
                case F64 -> room.putDouble(value);
                default -> throw new AssertionError(type.name());
            }
        });
    }

    private static void writeIntegers(LittleEndianOutput output, NdArray array) throws IOException {
        int base = array.start() - array.layout().offset();
        int[] values = array.ints();
        Rows.visit(array.layout(), (from, stride, count) -> {
            for (int i = 0; i < count; i++) {
                output.room(Integer.BYTES).putInt(values[base + from + i * stride]);
            }
        });
    }
}
