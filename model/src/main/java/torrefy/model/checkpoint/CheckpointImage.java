package torrefy.model.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import torrefy.core.backend.Backend;
import torrefy.core.memory.Bfloat16;
import torrefy.core.memory.DataType;
import torrefy.core.memory.HostBfloat16s;
import torrefy.core.memory.HostFloats;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;

/// The bytes of a checkpoint's arrays as they will stand in the file, in memory beside the Java heap that is taken once
/// and used for every checkpoint: filled between two steps, written while the next ones are taken.
final class CheckpointImage implements AutoCloseable {

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// Elements that come from a device at a time.
    private static final int PART = 1 << 20;

    private final Backend backend;
    private final Map<String, NdArray> arrays;
    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    private final Arena memory = Arena.ofShared();
    private final MemorySegment bytes;

    /// For a device alone: where its numbers arrive, and where they are widened before.
    private float[] arrived;
    private NdArray widened;

    /// @param arrays contiguous, `F32` or `BF16`; the same memory each time
    CheckpointImage(Backend backend, Map<String, NdArray> arrays) {
        this.backend = backend;
        this.arrays = arrays;
        long end = 0;
        // Wide elements first: every tensor then begins at a multiple of its element's size.
        for (DataType type : new DataType[] {DataType.F32, DataType.BF16}) {
            for (Map.Entry<String, NdArray> entry : arrays.entrySet()) {
                NdArray array = entry.getValue();
                if (array.type() == type) {
                    long begin = end;
                    end += (long) array.elements() * type.bytes();
                    StoredType stored = StoredType.valueOf(type.name());
                    tensors.put(entry.getKey(), new StoredTensor(entry.getKey(), stored, array.shape(), begin, end));
                }
            }
        }
        this.bytes = memory.allocate(end, Long.BYTES);
    }

    /// Where each array lies.
    Map<String, StoredTensor> tensors() {
        return tensors;
    }

    MemorySegment bytes() {
        return bytes;
    }

    MemorySegment bytes(StoredTensor tensor) {
        return bytes.asSlice(tensor.begin(), tensor.end() - tensor.begin());
    }

    /// Takes a copy of all arrays, waiting for a device to have computed them.
    void copy() {
        for (StoredTensor tensor : tensors.values()) {
            NdArray array = arrays.get(tensor.name());
            if (array.buffer() instanceof HostFloats) {
                MemorySegment.copy(array.floats(), array.start(), bytes, FLOAT, tensor.begin(), array.elements());
            } else if (array.buffer() instanceof HostBfloat16s) {
                MemorySegment.copy(array.bfloat16s(), array.start(), bytes, SHORT, tensor.begin(), array.elements());
            } else {
                copyFromDevice(array, tensor.begin());
            }
        }
    }

    private void copyFromDevice(NdArray array, long begin) {
        if (arrived == null) {
            arrived = new float[PART];
        }
        for (int from = 0; from < array.elements(); from += PART) {
            int count = Math.min(PART, array.elements() - from);
            NdArray part = NdArray.of(array.buffer().slice(array.layout().offset() + from, count), Shape.of(count));
            if (array.type() == DataType.F32) {
                backend.download(part, arrived, 0);
                MemorySegment.copy(arrived, 0, bytes, FLOAT, begin + (long) from * Float.BYTES, count);
            } else {
                backend.download(widen(part), arrived, 0);
                for (int i = 0; i < count; i++) {
                    bytes.set(SHORT, begin + (long) (from + i) * Short.BYTES, Bfloat16.fromFloat(arrived[i]));
                }
            }
        }
    }

    /// A `BF16` part as floats, exactly.
    private NdArray widen(NdArray part) {
        if (widened == null) {
            widened = NdArray.of(backend.allocate(DataType.F32, PART), Shape.of(PART));
        }
        NdArray out = NdArray.of(widened.buffer().slice(0, part.elements()), part.shape());
        backend.elementwise().copy(out, part);
        return out;
    }

    /// Copies tensors out of a file that was checked into arrays of the same names.
    ///
    /// @throws MalformedFileException if one is missing or has another shape or type; no array has changed then
    static void restore(SafetensorsReader from, Backend backend, Map<String, NdArray> arrays) throws IOException {
        for (Map.Entry<String, NdArray> entry : arrays.entrySet()) {
            StoredTensor stored = from.tensor(entry.getKey());
            NdArray array = entry.getValue();
            if (!stored.shape().equals(array.shape())
                    || !stored.type().name().equals(array.type().name())) {
                throw new MalformedFileException(
                        from.file(),
                        stored.name(),
                        "is " + stored.type() + " " + stored.shape() + ", the run has " + array.type() + " "
                                + array.shape());
            }
        }
        for (Map.Entry<String, NdArray> entry : arrays.entrySet()) {
            NdArray array = entry.getValue();
            if (array.buffer() instanceof HostFloats || array.buffer() instanceof HostBfloat16s) {
                from.read(entry.getKey(), array);
            } else {
                NdArray values = NdArray.of(backend.upload(from.readFloats(entry.getKey())), array.shape());
                backend.elementwise().copy(array, values);
            }
        }
    }

    @Override
    public void close() {
        memory.close();
    }
}
