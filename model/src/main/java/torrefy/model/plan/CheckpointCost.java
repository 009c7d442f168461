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

/// What saving a model takes.
///
/// @param bytes of the weights' file, but for its header of some 100 bytes a tensor
/// @param bytesPerSecond of writing one to the disk at hand, until it is safe there
public record CheckpointCost(long bytes, double bytesPerSecond) {

    /// Enough that the disk's own memory does not hide it, and written in a second or less by most.
    private static final int TRIAL_TENSORS = 8;

    private static final int TRIAL_FLOATS = 2 << 20;

    /// Measures by writing 64 MB into `folder`, and deleting them.
    ///
    /// @throws IOException if nothing can be written there
    public static CheckpointCost measure(TransformerConfig config, Storage storage, Path folder) throws IOException {
        Path file = Files.createTempFile(folder, "torrefy-plan", ".safetensors");
        try {
            NdArray weights = NdArray.of(new float[TRIAL_FLOATS], TRIAL_FLOATS);
            List<SafetensorsWriter.Entry> entries = IntStream.range(0, TRIAL_TENSORS)
                    .mapToObj(i -> new SafetensorsWriter.Entry("weight" + i, StoredType.F32, weights))
                    .toList();
            long start = System.nanoTime();
            SafetensorsWriter.write(file, Map.of(), entries);
            double seconds = (System.nanoTime() - start) / 1e9;
            return new CheckpointCost(bytes(config, storage), 4.0 * TRIAL_TENSORS * TRIAL_FLOATS / seconds);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /// Of the weights' file: matrices as they are stored, biases and norms as `F32`.
    static long bytes(TransformerConfig config, Storage storage) {
        long vectors = config.parameters() - config.matrixParameters();
        return config.matrixParameters() * storage.weights().bytes() + vectors * DataType.F32.bytes();
    }

    /// For one.
    public double seconds() {
        return bytes / bytesPerSecond;
    }
}
