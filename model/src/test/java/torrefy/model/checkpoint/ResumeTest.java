package torrefy.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.core.data.Library;
import torrefy.core.memory.DataType;
import torrefy.model.EveryBackend;
import torrefy.model.Snapshot;
import torrefy.model.architecture.Storage;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.optimizer.AdamW;
import torrefy.model.optimizer.Schedule;
import torrefy.model.training.Batches;
import torrefy.model.training.DivergenceGuard;
import torrefy.model.training.RunLength;
import torrefy.model.training.StepReport;
import torrefy.model.training.TokenSource;
import torrefy.model.training.Trainer;
import torrefy.model.training.TrainingSettings;

/// A run that stops somewhere and goes on from a file comes to the same bits as one that never stopped.
class ResumeTest {

    private static final TransformerConfig CONFIG = TransformerConfig.gpt2(31, 13, 2, 2, 24, 0.1f);
    private static final Storage HALVES = new Storage(DataType.BF16, DataType.BF16, DataType.F32);
    private static final int STEPS = 7;

    @TempDir
    Path folder;

    private static TrainingSettings settings(int steps, float learningRate) {
        Schedule schedule = new Schedule(learningRate, 0.2f, 0.1f);
        // So strict a guard that some of the steps are left out.
        return new TrainingSettings(RunLength.steps(steps), schedule, AdamW.Settings.standard(), 1, 2, 5)
                .withGuard(new DivergenceGuard(2, 0.02, 9));
    }

    private static Trainer trainer(Backend backend, Storage storage, long seed) {
        return new Trainer(new Transformer(CONFIG, backend, seed, storage), settings(STEPS, 3e-3f));
    }

    private static Batches batches(int sequences) {
        int[] tokens = new int[400];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = (i * i + 3 * i) % 31;
        }
        return new Batches(TokenSource.of(tokens), sequences, 13, 1);
    }

    /// Trains for `steps` steps and saves.
    private void trainAndSave(Trainer trainer, int steps) {
        Batches batches = batches(3);
        RunFacts facts = RunFacts.of(trainer, batches);
        try (CheckpointWriter writer =
                new CheckpointWriter(new CheckpointFolder(folder), 3, trainer, facts, Assertions::fail)) {
            trainer.train(batches, report -> {
                if (report.step() == steps) {
                    writer.save(2.5, Map.of("colour", "green"), Map.of("notes.txt", new byte[] {1, 2, 3}));
                    trainer.stop();
                }
            });
            assertTrue(writer.flush());
        }
    }

    @EveryBackend
    void aResumedRunHasTheBitsOfOneThatNeverStopped(String backendName) throws IOException {
        for (Storage storage : List.of(Storage.F32, HALVES)) {
            try (Backend one = Backends.create(backendName, 1);
                    Backend two = Backends.create(backendName, 2)) {
                Trainer uninterrupted = trainer(one, storage, 1);
                List<StepReport> expected = new ArrayList<>();
                assertTrue(uninterrupted.train(batches(3), expected::add));
                long skipped = expected.stream()
                        .filter(report -> report.skipped().isPresent())
                        .count();
                assertTrue(skipped > 0 && skipped < STEPS, skipped + " steps were left out");

                trainAndSave(trainer(two, storage, 1), 3);
                // Other weights, so that every one of them has to come from the file.
                Trainer resumed = trainer(two, storage, 99);
                List<StepReport> reports = new ArrayList<>();
                try (Checkpoint checkpoint =
                        new CheckpointFolder(folder).search().newestGood().orElseThrow()) {
                    assertTrue(resumed.train(batches(3), checkpoint.restore(resumed), reports::add));
                }
                new Snapshot(uninterrupted.model()).assertSame(new Snapshot(resumed.model()));
                assertEquals(STEPS - 3, reports.size());
                for (StepReport report : reports) {
                    StepReport same = expected.get(report.step() - 1);
                    assertEquals(same.loss(), report.loss());
                    assertEquals(same.gradientNorm(), report.gradientNorm());
                    assertEquals(same.learningRate(), report.learningRate());
                    assertEquals(same.tokens(), report.tokens());
                    assertEquals(same.skipped().isPresent(), report.skipped().isPresent());
                }
            }
        }
    }

    @Test
    void whatTheProgramLeftForItselfIsThereAgain() throws IOException {
        try (Backend backend = Backends.create("vector", 1)) {
            trainAndSave(trainer(backend, Storage.F32, 1), 2);
            try (Checkpoint checkpoint = Checkpoint.open(new CheckpointFolder(folder).file(2))) {
                assertEquals(2, checkpoint.state().step());
                assertEquals(2 * 2 * 3 * 13, checkpoint.state().tokens());
                assertEquals(Map.of("colour", "green"), checkpoint.notes());
                assertEquals(3, checkpoint.attachment("notes.txt")[2]);
                assertFalse(checkpoint.has("other.txt"));
                assertEquals(Library.NAME, checkpoint.library());
            }
        }
    }

    /// The weights have their own names in the file, so that it is a model's file, too.
    @Test
    void aCheckpointOpensAsAModel() throws IOException {
        try (Backend backend = Backends.create("vector", 1)) {
            Trainer trainer = trainer(backend, Storage.F32, 1);
            trainAndSave(trainer, 2);
            Transformer model = Transformer.undrawn(CONFIG, backend);
            HuggingFaceFolder.loadWeights(model, new CheckpointFolder(folder).file(2));
            new Snapshot(trainer.model()).assertSame(new Snapshot(model));
        }
    }

    @Test
    void anotherRunsCheckpointIsRefusedWithBothValues() throws IOException {
        try (Backend backend = Backends.create("vector", 1)) {
            trainAndSave(trainer(backend, Storage.F32, 1), 2);
            try (Checkpoint checkpoint = Checkpoint.open(new CheckpointFolder(folder).file(2))) {
                TransformerConfig larger = TransformerConfig.gpt2(32, 13, 2, 2, 24, 0.1f);
                Trainer other = new Trainer(new Transformer(larger, backend, 1), settings(STEPS, 3e-3f));
                OtherRunException e = assertThrows(
                        OtherRunException.class, () -> checkpoint.changesTo(RunFacts.of(other, batches(4))));
                assertEquals("batches.sequences was 3, is now 4; model.vocabulary was 31, is now 32", e.getMessage());
                MalformedFileException shape =
                        assertThrows(MalformedFileException.class, () -> checkpoint.restore(other));
                assertTrue(shape.getMessage().contains("wte.weight"), shape.getMessage());
            }
        }
    }

    @Test
    void lengthAndLearningRateMayChangeAndTheChangeIsTold() throws IOException {
        try (Backend backend = Backends.create("vector", 1)) {
            trainAndSave(trainer(backend, Storage.F32, 1), 2);
            try (Checkpoint checkpoint = Checkpoint.open(new CheckpointFolder(folder).file(2))) {
                Trainer longer = new Trainer(new Transformer(CONFIG, backend, 1), settings(STEPS + 4, 1e-3f));
                List<RunFacts.Change> changes = checkpoint.changesTo(RunFacts.of(longer, batches(3)));
                assertEquals("[schedule.peak was 0.003, is now 0.001]", changes.toString());
                longer.train(batches(3), checkpoint.restore(longer));
                assertEquals(STEPS + 4, longer.state().step());
            }
        }
    }
}
