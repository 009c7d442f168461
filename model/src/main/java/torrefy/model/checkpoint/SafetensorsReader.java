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
import torrefy.core.backend.Backend;
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

    private final Path file;
    private final Arena arena;
    private final SafetensorsHeader header;
    private final MappedNumbers data;

    private SafetensorsReader(Path file, Arena arena, SafetensorsHeader header, MappedNumbers data) {
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
            SafetensorsHeader header = SafetensorsHeader.parse(file, json, data.byteSize());
            return new SafetensorsReader(file, arena, header, new MappedNumbers(data));
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
        return data.bytes().asSlice(tensor.begin(), tensor.end() - tensor.begin());
    }

    /// Reads tensor `name` into `out[at]` and the elements after it, as floats, in row-major order. F64 is rounded to
    /// the nearest float; F16 and BF16 are represented exactly.
    ///
    /// @throws MalformedFileException if there is no such tensor or its type is none of F32, F16, BF16, F64
    public void readFloats(String name, float[] out, int at) throws MalformedFileException {
        StoredTensor tensor = floating(name);
        Objects.checkFromIndexSize(at, tensor.shape().elements(), out.length);
        data.copy(tensor.type(), tensor.begin(), out, at, tensor.shape().elements());
    }

    /// Reads tensor `name` as floats.
    ///
    /// @throws MalformedFileException as [#readFloats(String, float[], int)]
    public float[] readFloats(String name) throws MalformedFileException {
        float[] out = new float[tensor(name).shape().elements()];
        readFloats(name, out, 0);
        return out;
    }

    /// Reads tensor `name` into `out`, an `F32` or `BF16` in the Java heap with any strides (a transposed layout
    /// reads a transposed tensor). A `BF16` is the nearest to what the file has.
    ///
    /// @throws MalformedFileException if there is no such tensor, its shape is another, or its type is none of F32,
    ///     F16, BF16, F64
    public void read(String name, NdArray out) throws IOException {
        requireShape(tensor(name), out.shape());
        StoredTensor tensor = floating(name);
        data.copy(tensor.type(), tensor.begin(), out);
    }

    /// Fills the parameter of `counterpart` with the tensor that was checked to be in its place.
    void readInto(Counterpart counterpart, String name, Backend backend) throws IOException {
        StoredTensor tensor = floating(name);
        counterpart.fill(data, tensor.type(), tensor.begin(), backend);
    }

    private StoredTensor floating(String name) throws MalformedFileException {
        StoredTensor tensor = tensor(name);
        if (!MappedNumbers.FLOATING.contains(tensor.type())) {
            throw new MalformedFileException(file, name, "is " + tensor.type() + ", which is not read as floats");
        }
        return tensor;
    }

    /// Whether a tensor has the type, the shape and the bytes of one in this file or another.
    boolean hasSame(String name, SafetensorsReader other, String otherName) throws MalformedFileException {
        StoredTensor one = tensor(name);
        StoredTensor two = other.tensor(otherName);
        return one.type() == two.type()
                && one.shape().equals(two.shape())
                && data.hasSame(one.begin(), one.end(), other.data, two.begin());
    }

    private void requireShape(StoredTensor tensor, Shape expected) throws MalformedFileException {
        if (!tensor.shape().equals(expected)) {
            throw new MalformedFileException(
                    file, tensor.name(), "has shape " + tensor.shape() + ", expected " + expected);
        }
    }

    /// Unmaps the file. Reading afterwards throws.
    @Override
    public void close() {
        arena.close();
    }
}
