package torrefy.model.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import torrefy.core.memory.Bfloat16;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;

/// A safetensors file, mapped into memory: named tensors, of which only those that are asked for are read.
///
/// The format (github.com/huggingface/safetensors) is a little-endian `u64`, the length N of the header; N bytes of
/// JSON; then the tensors' bytes in row-major order, without gaps. Opening checks the whole header against the file's
/// size and allocates nothing by a number in it, so that a damaged or malicious file costs an error message. What was
/// copied leaves the process's memory, so that a model is in it once while it is read, not twice. Any thread may read.
public final class SafetensorsReader implements AutoCloseable {

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// Elements that are converted at a time.
    private static final int PART = 1 << 14;

    /// Bytes that are copied before their pages are given back.
    private static final int BLOCK = 1 << 24;

    private final Path file;
    private final Arena arena;
    private final SafetensorsHeader header;
    private final MemorySegment data;

    private SafetensorsReader(Path file, Arena arena, SafetensorsHeader header, MemorySegment data) {
        this.file = file;
        this.arena = arena;
        this.header = header;
        this.data = data;
    }

    /// Maps a file and checks its header.
    ///
    /// @throws NoSuchFileException if there is no such file
    /// @throws MalformedFileException if it is not a whole, consistent safetensors file
    public static SafetensorsReader open(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file + ": no such safetensors file");
        }
        if (!Files.isRegularFile(file)) {
            throw new MalformedFileException(file, "is not a regular file, so not a safetensors file");
        }
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            long headerBytes = headerBytes(file, all);
            MemorySegment data = all.asSlice(Long.BYTES + headerBytes);
            byte[] json = all.asSlice(Long.BYTES, headerBytes).toArray(ValueLayout.JAVA_BYTE);
            return new SafetensorsReader(file, arena, SafetensorsHeader.parse(file, json, data.byteSize()), data);
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private static long headerBytes(Path file, MemorySegment all) throws MalformedFileException {
        if (all.byteSize() < Long.BYTES) {
            throw new MalformedFileException(
                    file, "is " + all.byteSize() + " bytes long, too short for a safetensors file");
        }
        long claimed = all.get(LONG, 0);
        if (claimed < 0 || claimed > SafetensorsHeader.LONGEST) {
            throw new MalformedFileException(
                    file,
                    "claims a header of " + Long.toUnsignedString(claimed) + " bytes; the format allows "
                            + SafetensorsHeader.LONGEST + ": not a safetensors file");
        }
        if (claimed > all.byteSize() - Long.BYTES) {
            throw new MalformedFileException(
                    file,
                    "claims a header of " + claimed + " bytes, but only " + (all.byteSize() - Long.BYTES)
                            + " follow: it was cut off or is not a safetensors file");
        }
        return claimed;
    }

    public Path file() {
        return file;
    }

    /// The names of all tensors, in the order of the header.
    public Set<String> names() {
        return Collections.unmodifiableSet(header.tensors().keySet());
    }

    /// The free-form strings that the writer left, `format` among them; may be empty.
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(header.metadata());
    }

    /// What the header says of tensor `name`.
    ///
    /// @throws MalformedFileException if there is none of that name
    public StoredTensor tensor(String name) throws MalformedFileException {
        StoredTensor tensor = header.tensors().get(name);
        if (tensor == null) {
            throw new MalformedFileException(file, name, "is missing; the file has " + someNames());
        }
        return tensor;
    }

    private String someNames() {
        int few = 5;
        String list = header.tensors().keySet().stream()
                .limit(few)
                .map(MalformedFileException::shown)
                .collect(Collectors.joining(", "));
        int more = header.tensors().size() - few;
        return header.tensors().isEmpty() ? "no tensor" : more > 0 ? list + " and " + more + " more" : list;
    }

    SafetensorsHeader header() {
        return header;
    }

    /// The bytes of tensor `name` as they lie in the file.
    ///
    /// @throws MalformedFileException if there is none of that name
    MemorySegment bytes(String name) throws MalformedFileException {
        StoredTensor tensor = tensor(name);
        return data.asSlice(tensor.begin(), tensor.end() - tensor.begin());
    }

    /// Reads tensor `name` into `out[at]` and the elements after it, as floats, in row-major order. F64 is rounded to
    /// the nearest float; F16 and BF16 are represented exactly.
    ///
    /// @throws MalformedFileException if there is no such tensor or its type is none of F32, F16, BF16, F64
    public void readFloats(String name, float[] out, int at) throws MalformedFileException {
        StoredTensor tensor = tensor(name);
        Objects.checkFromIndexSize(at, tensor.shape().elements(), out.length);
        copy(tensor, 0, out, at, 1, tensor.shape().elements());
        letGo(tensor.begin(), tensor.end());
    }

    /// Takes pages of the file out of the process's memory; the system may keep them in its own.
    private void letGo(long begin, long end) {
        data.asSlice(begin, end - begin).unload();
    }

    /// Reads tensor `name` as floats.
    ///
    /// @throws MalformedFileException as [#readFloats(String, float[], int)]
    public float[] readFloats(String name) throws MalformedFileException {
        float[] out = new float[tensor(name).shape().elements()];
        readFloats(name, out, 0);
        return out;
    }

    /// Reads tensor `name` into `out`, an `F32` or `BF16` in the Java heap with any strides (a transposed layout reads
    /// a
    /// transposed tensor). A `BF16` is the nearest to what the file has.
    ///
    /// @throws MalformedFileException if there is no such tensor, its shape is another, or its type is none of F32,
    ///     F16, BF16, F64
    public void read(String name, NdArray out) throws IOException {
        requireShape(tensor(name), out.shape());
        readInOrder(name, out);
    }

    /// The same into an array of as many elements, whatever its shape: they are filled in row-major order.
    void readInOrder(String name, NdArray out) throws IOException {
        StoredTensor tensor = tensor(name);
        assert tensor.shape().elements() == out.elements() : name;
        int base = out.start() - out.layout().offset();
        int[] done = new int[1];
        if (out.type() == DataType.BF16) {
            short[] array = out.bfloat16s();
            Rows.visit(out.layout(), (from, stride, count) -> {
                copy(tensor, done[0], array, base + from, stride, count);
                done[0] += count;
            });
        } else {
            float[] array = out.floats();
            Rows.visit(out.layout(), (from, stride, count) -> {
                copy(tensor, done[0], array, base + from, stride, count);
                done[0] += count;
            });
        }
        letGo(tensor.begin(), tensor.end());
    }

    private void copy(StoredTensor tensor, long first, short[] out, int at, int stride, int count)
            throws MalformedFileException {
        if (tensor.type() == StoredType.BF16) {
            long place = tensor.begin() + first * Short.BYTES;
            if (stride == 1) {
                MemorySegment.copy(data, SHORT, place, out, at, count);
                return;
            }
            for (int i = 0; i < count; i++) {
                out[at + i * stride] = data.get(SHORT, place + (long) i * Short.BYTES);
            }
            return;
        }
        float[] part = new float[Math.min(PART, count)];
        for (int done = 0; done < count; done += PART) {
            int some = Math.min(PART, count - done);
            copy(tensor, first + done, part, 0, 1, some);
            for (int i = 0; i < some; i++) {
                out[at + (done + i) * stride] = Bfloat16.fromFloat(part[i]);
            }
        }
    }

    /// Whether a tensor has the type, the shape and the bytes of one in this file or another.
    boolean hasSame(String name, SafetensorsReader other, String otherName) throws MalformedFileException {
        StoredTensor one = tensor(name);
        StoredTensor two = other.tensor(otherName);
        return one.type() == two.type()
                && one.shape().equals(two.shape())
                && MemorySegment.mismatch(data, one.begin(), one.end(), other.data, two.begin(), two.end()) < 0;
    }

    private void requireShape(StoredTensor tensor, Shape expected) throws MalformedFileException {
        if (!tensor.shape().equals(expected)) {
            throw new MalformedFileException(
                    file, tensor.name(), "has shape " + tensor.shape() + ", expected " + expected);
        }
    }

    private void copy(StoredTensor tensor, long first, float[] out, int at, int stride, int count)
            throws MalformedFileException {
        long place = tensor.begin() + first * tensor.type().bytes();
        switch (tensor.type()) {
            case F32 -> {
                if (stride == 1) {
                    copyFloats(place, out, at, count);
                } else {
                    for (int i = 0; i < count; i++) {
                        out[at + i * stride] = data.get(FLOAT, place + (long) i * Float.BYTES);
                    }
                }
            }
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    out[at + i * stride] = Float.float16ToFloat(data.get(SHORT, place + (long) i * Short.BYTES));
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    out[at + i * stride] = Bfloat16.toFloat(data.get(SHORT, place + (long) i * Short.BYTES));
                }
            }
            case F64 -> {
                for (int i = 0; i < count; i++) {
                    out[at + i * stride] = (float) data.get(DOUBLE, place + (long) i * Double.BYTES);
                }
            }
            default ->
                throw new MalformedFileException(
                        file, tensor.name(), "is " + tensor.type() + ", which is not read as floats");
        }
    }

    private void copyFloats(long place, float[] out, int at, int count) {
        int block = BLOCK / Float.BYTES;
        for (int done = 0; done < count; done += block) {
            int some = Math.min(block, count - done);
            long from = place + (long) done * Float.BYTES;
            MemorySegment.copy(data, FLOAT, from, out, at + done, some);
            if (some == block) {
                letGo(from, from + BLOCK);
            }
        }
    }

    /// Unmaps the file. Reading afterwards throws.
    @Override
    public void close() {
        arena.close();
    }
}
