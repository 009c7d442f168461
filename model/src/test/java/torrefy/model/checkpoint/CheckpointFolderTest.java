package torrefy.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.training.Batches;
import torrefy.model.training.RunLength;
import torrefy.model.training.TokenSource;
import torrefy.model.training.Trainer;
import torrefy.model.training.TrainingSettings;

/// What is kept, and what happens when disks do what they do.
class CheckpointFolderTest {

    @TempDir
    Path temporary;

    private final Backend backend = Backends.create("scalar", 1);
    private final List<String> complaints = new ArrayList<>();
    private CheckpointFolder folder;

    @BeforeEach
    void nameTheFolder() {
        folder = new CheckpointFolder(temporary.resolve("checkpoints"));
    }

    @AfterEach
    void closeBackend() {
        backend.close();
    }

    /// Trains for as many steps as there are losses, and saves after each.
    private void train(int keep, Runnable beforeLast, double... validationLosses) {
        Transformer model = new Transformer(TransformerConfig.gpt2(17, 4, 1, 1, 4), backend, 1);
        int steps = validationLosses.length;
        Trainer trainer = new Trainer(model, TrainingSettings.standard(RunLength.steps(steps), 1e-3f));
        Batches batches = new Batches(TokenSource.of(new int[50]), 1, 4, 1);
        RunFacts facts = RunFacts.of(trainer, batches);
        try (CheckpointWriter writer = new CheckpointWriter(folder, keep, trainer, facts, complaints::add)) {
            trainer.train(batches, report -> {
                if (report.step() == steps) {
                    writer.flush();
                    beforeLast.run();
                }
                writer.save(validationLosses[report.step() - 1], Map.of(), Map.of("metrics", new byte[] {7}));
            });
        }
    }

    private void train(double... validationLosses) {
        train(3, () -> {}, validationLosses);
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(folder.path())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theNewestAndTheBestAreKept() throws IOException {
        train(2, () -> {}, 5, 2, 3, Double.NaN, 4, 6);
        assertEquals(
                List.of("step-000002.safetensors", "step-000005.safetensors", "step-000006.safetensors"), names());
        assertEquals(List.of(), complaints);
    }

    @Test
    void withoutAnyLossTheNewestAreKept() throws IOException {
        train(1, () -> {}, Double.NaN, Double.NaN, Double.NaN);
        assertEquals(List.of("step-000003.safetensors"), names());
    }

    /// One bit of every 7th byte of the header, and of every 29th byte of the data.
    @Test
    void aFlippedBitIsFoundWhereverItIs() throws IOException {
        train(1);
        Path file = folder.file(1);
        byte[] bytes = Files.readAllBytes(file);
        long dataBegins = Long.BYTES + Long.reverseBytes(ByteBuffer.wrap(bytes).getLong());
        for (int at = 0; at < bytes.length; at += at < dataBegins ? 7 : 29) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= (byte) (1 << at % 5);
            Files.write(file, damaged);
            String place = "byte " + at + " of " + bytes.length;
            MalformedFileException e =
                    assertThrows(MalformedFileException.class, () -> Checkpoint.open(file).close(), place);
            assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
            assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        }
        Files.write(file, bytes);
        Checkpoint.open(file).close();
    }

    @Test
    void aFileThatWasCutOffIsFound() throws IOException {
        train(1);
        Path file = folder.file(1);
        byte[] bytes = Files.readAllBytes(file);
        for (int length : new int[] {0, 1, 7, 8, 9, 1000, bytes.length / 2, bytes.length - 1}) {
            Files.write(file, Arrays.copyOf(bytes, length));
            assertThrows(MalformedFileException.class, () -> Checkpoint.open(file).close(), length + " bytes");
        }
    }

    @Test
    void theLastGoodOneIsFoundAndDamagedOnesAreSetAside() throws IOException {
        train(1, 1, 1);
        Files.write(folder.file(3), new byte[100]);
        Files.createFile(folder.path().resolve(".step-000004.safetensors.12-ab.tmp"));
        CheckpointFolder.Search search = folder.search();
        try (Checkpoint good = search.newestGood().orElseThrow()) {
            assertEquals(2, good.state().step());
            assertEquals(1, search.damaged().size());
            assertTrue(search.damaged().getFirst().contains("step-000003.safetensors"));
            folder.goOnFrom(2);
        }
        assertEquals(
                List.of("step-000001.safetensors", "step-000002.safetensors", "step-000003.safetensors.damaged"),
                names());
    }

    @Test
    void withoutAGoodOneNothingIsFoundAndNothingIsTouched() throws IOException {
        assertEquals(List.of(), folder.search().damaged());
        train(1, 1);
        Files.write(folder.file(1), new byte[3]);
        Files.write(folder.file(2), new byte[3]);
        CheckpointFolder.Search search = folder.search();
        assertFalse(search.newestGood().isPresent());
        assertEquals(2, search.damaged().size());
        assertEquals(2, names().size());
    }

    /// A file where the folder should be: what a full disk and a read-only folder look like from inside.
    @Test
    void aCheckpointThatCannotBeWrittenIsToldAndTheNextOneIsTriedAgain() throws IOException {
        Files.createFile(folder.path());
        train(
                3,
                () -> {
                    assertEquals(2, complaints.size(), "the first two");
                    try {
                        Files.delete(folder.path());
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                },
                1,
                1,
                1);
        assertEquals(List.of("step-000003.safetensors"), names());
        assertEquals(2, complaints.size(), complaints::toString);
        assertTrue(
                complaints.getFirst().startsWith("the checkpoint of step 1 cannot be written (FileAlreadyExists"),
                complaints.getFirst());
        assertEquals(1, complaints.getFirst().lines().count());
    }
}
