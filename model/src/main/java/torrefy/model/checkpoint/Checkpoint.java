package torrefy.model.checkpoint;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import torrefy.core.data.Library;
import torrefy.model.training.Trainer;
import torrefy.model.training.TrainingState;

/// Everything that a run was between two steps, read from a file of which every bit was checked.
///
/// It is a safetensors file. The weights have the names that they have in a model's own file, so whatever reads that
/// reads this; the optimizer's moments stand beside them as `optimizer.m.NAME` and `optimizer.v.NAME`, files that the
/// program attached as bytes called `file.NAME`, and the rest in the header's strings: step, seeds, configuration,
/// hashes, library version, and a CRC-32C for each tensor and for the header itself.
///
/// ```java
/// try (Checkpoint checkpoint = Checkpoint.open(file)) {
///     facts.changesSince(checkpoint.facts());
///     trainer.train(batches, checkpoint.restore(trainer), listener);
/// }
/// ```
public final class Checkpoint implements AutoCloseable {

    static final String ATTACHED = "file.";

    private final SafetensorsReader reader;
    private final CheckpointHeader header;

    private Checkpoint(SafetensorsReader reader, CheckpointHeader header) {
        this.reader = reader;
        this.header = header;
    }

    /// Opens a checkpoint and checks all of it.
    ///
    /// @throws MalformedFileException if it was cut off, or a bit of it is not what was written
    public static Checkpoint open(Path file) throws IOException {
        SafetensorsReader reader = SafetensorsReader.open(file);
        try {
            CheckpointHeader header = CheckpointHeader.of(file, reader.header());
            for (String name : reader.names()) {
                String expected = CheckpointHeader.checksumOf(reader.header(), name);
                if (!Checksum.of(reader.bytes(name)).equals(expected)) {
                    throw new MalformedFileException(file, name, "is damaged: it does not have its checksum");
                }
            }
            return new Checkpoint(reader, header);
        } catch (IOException | RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    public Path file() {
        return reader.file();
    }

    public TrainingState state() {
        return header.state();
    }

    /// What its run was told.
    public RunFacts facts() {
        return header.facts();
    }

    /// The strings that the program left for itself.
    public Map<String, String> notes() {
        return header.notes();
    }

    /// Name and version of the library that wrote it.
    public String library() {
        return header.library();
    }

    /// Differences that may be, between the run that wrote this and one with `now`: free facts, and the library, with
    /// another version of which the bits may be others.
    ///
    /// @throws OtherRunException if they are different runs
    public List<RunFacts.Change> changesTo(RunFacts now) throws OtherRunException {
        return now.withFree("library", Library.NAME).changesSince(facts().withFree("library", library()));
    }

    /// Whether a file of that name was attached.
    public boolean has(String name) {
        return reader.names().contains(ATTACHED + name);
    }

    /// An attached file's bytes.
    ///
    /// @throws MalformedFileException if there is none of that name
    public byte[] attachment(String name) throws MalformedFileException {
        MemorySegment bytes = reader.bytes(ATTACHED + name);
        return bytes.toArray(ValueLayout.JAVA_BYTE);
    }

    /// Overwrites a trainer's weights and moments with these.
    ///
    /// @return where its run goes on
    /// @throws MalformedFileException if it trains another model; nothing has changed then
    public TrainingState restore(Trainer trainer) throws IOException {
        CheckpointImage.restore(reader, trainer.model().backend(), trainer.arrays());
        return state();
    }

    /// Unmaps the file.
    @Override
    public void close() {
        reader.close();
    }
}
