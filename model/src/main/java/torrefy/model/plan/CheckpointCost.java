package torrefy.model.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.model.architecture.Storage;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.checkpoint.SafetensorsWriter;
import torrefy.model.checkpoint.StoredType;

/// What saving takes.
///
/// @param modelBytes of the weights' file, but for its header of some 100 bytes a tensor
/// @param runBytes of a checkpoint from which a run goes on: weights and two moments. While it is written there is a
///     copy as large in memory, beside the heap
/// @param bytesPerSecond of writing one to the disk at hand, until it is safe there
public record CheckpointCost(long modelBytes, long runBytes, double bytesPerSecond) {

    /// A first trial says whether there is time for one that is large enough for the disk's own memory not to hide it.
    private static final int FIRST_TENSORS = 1;

    private static final int TENSORS = 8;
    private static final int TENSOR_FLOATS = 2 << 20;
    private static final double MOST_SECONDS = 2;

    /// Of saving into `folder`.
    ///
    /// @throws IOException if nothing can be written there
    public static CheckpointCost of(TransformerConfig config, Storage storage, Calibration calibration, Path folder)
            throws IOException {
        return new CheckpointCost(
                weightBytes(config, storage), runBytes(config, storage), calibration.writeRate(folder));
    }

    /// Bytes a second, measured by writing 64 MB into `folder`, or 8 if the disk is slow, and deleting them.
    static double measureRate(Path folder) throws IOException {
        double first = rate(folder, FIRST_TENSORS);
        return 4.0 * TENSORS * TENSOR_FLOATS / first < MOST_SECONDS ? rate(folder, TENSORS) : first;
    }

    private static double rate(Path folder, int tensors) throws IOException {
        Path file = Files.createTempFile(folder, "torrefy-plan", ".safetensors");
        try {
            NdArray weights = NdArray.of(new float[TENSOR_FLOATS], TENSOR_FLOATS);
            List<SafetensorsWriter.Entry> entries = IntStream.range(0, tensors)
                    .mapToObj(i -> new SafetensorsWriter.Entry("weight" + i, StoredType.F32, weights))
                    .toList();
            long start = System.nanoTime();
            SafetensorsWriter.write(file, Map.of(), entries);
            return 4.0 * tensors * TENSOR_FLOATS / ((System.nanoTime() - start) / 1e9);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /// Matrices as they are stored, biases and norms as `F32`.
    public static long weightBytes(TransformerConfig config, Storage storage) {
        long vectors = config.parameters() - config.matrixParameters();
        return config.matrixParameters() * storage.weights().bytes() + vectors * DataType.F32.bytes();
    }

    /// Of both moments.
    public static long momentBytes(TransformerConfig config, Storage storage) {
        return 2 * config.parameters() * storage.moments().bytes();
    }

    /// Of everything that a run goes on from, and of the copy of it that is written.
    public static long runBytes(TransformerConfig config, Storage storage) {
        return weightBytes(config, storage) + momentBytes(config, storage);
    }

    /// The most that a run takes on the disk: an old checkpoint goes only once the new one is there.
    ///
    /// @param kept how many checkpoints are kept
    public long diskBytes(int kept) {
        return (kept + 1) * runBytes + modelBytes;
    }

    /// For a run's checkpoint.
    public double seconds() {
        return runBytes / bytesPerSecond;
    }
}
