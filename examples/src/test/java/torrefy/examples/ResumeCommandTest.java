package torrefy.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `quickstart --resume`: what it goes on with, and what it refuses.
class ResumeCommandTest {

    @TempDir
    static Path shared;

    /// The weights of a run of 6 steps that was never interrupted.
    private static byte[] expected;

    @TempDir
    Path folder;

    private Path run;

    @BeforeAll
    static void trainUninterrupted() throws IOException {
        assertEquals(0, quickstart("--out=" + shared.resolve("run")).code());
        expected = Files.readAllBytes(shared.resolve("run").resolve("model.safetensors"));
    }

    /// A copy of the whole run, as if it had stopped after the checkpoint of step 4.
    @BeforeEach
    void copyTheRun() throws IOException {
        run = folder.resolve("run");
        try (Stream<Path> files = Files.walk(shared.resolve("run"))) {
            for (Path file : files.toList()) {
                Files.copy(
                        file, run.resolve(shared.resolve("run").relativize(file).toString()));
            }
        }
        Files.delete(run.resolve("model.safetensors"));
        Files.delete(checkpoint(6));
    }

    private Path checkpoint(int step) {
        return run.resolve("checkpoints").resolve(String.format("step-%06d.safetensors", step));
    }

    private static Captured quickstart(String... more) {
        return SmallRun.quickstart(Stream.concat(Stream.of("--backend=scalar", "--checkpoint-every=2"), Stream.of(more))
                .toArray(String[]::new));
    }

    private Captured resume(String... more) {
        return quickstart(Stream.concat(Stream.of("--out=" + run, "--resume"), Stream.of(more))
                .toArray(String[]::new));
    }

    private void assertSameWeights() throws IOException {
        assertArrayEquals(expected, Files.readAllBytes(run.resolve("model.safetensors")));
    }

    private static void damage(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 4;
        Files.write(file, bytes);
    }

    private static void assertSaid(String line, Captured result) {
        assertTrue(result.out().contains(line), line + " in " + result.out());
    }

    @Test
    void aRunGoesOnToTheSameBitsAndItsMetricsAreWhole() throws IOException {
        Captured result = resume();
        assertEquals(0, result.code(), result.err());
        assertSaid("the run goes on after step 4", result);
        assertFalse(result.out().contains("collected and cleaned"), "the text is ready");
        assertSameWeights();
        List<String> metrics = Files.readAllLines(run.resolve("metrics.jsonl"));
        assertEquals(7, metrics.size(), metrics::toString);
        assertEquals("{\"resumed_after\":4,\"changes\":[]}", metrics.get(4));
        assertTrue(metrics.getLast().startsWith("{\"step\":6,"), metrics.getLast());
    }

    @Test
    void aFinishedRunMayBeMadeLongerAndTheChangesAreRecorded() throws IOException {
        assertEquals(0, resume().code());
        Captured longer = resume("--steps=8", "--learning-rate=0.001");
        assertEquals(0, longer.code(), longer.err());
        assertSaid("length was 6 steps, is now 8 steps", longer);
        assertSaid("schedule.peak was 0.002, is now 0.001", longer);
        List<String> metrics = Files.readAllLines(run.resolve("metrics.jsonl"));
        assertTrue(metrics.getLast().startsWith("{\"step\":8,"), metrics.getLast());
        assertTrue(
                metrics.stream().anyMatch(line -> line.contains("\"schedule.peak was 0.002, is now 0.001\"")),
                metrics::toString);
    }

    @Test
    void ofADamagedCheckpointTheOneBeforeIsTaken() throws IOException {
        damage(checkpoint(4));
        Captured result = resume();
        assertEquals(0, result.code(), result.err());
        assertSaid("step-000004.safetensors: ", result);
        assertSaid("the steps after 2 are lost", result);
        assertSameWeights();
    }

    @Test
    void withoutAGoodCheckpointNothingBeginsFromZero() throws IOException {
        damage(checkpoint(2));
        damage(checkpoint(4));
        Captured result = resume();
        assertEquals(1, result.code(), result.out());
        assertTrue(result.complaint().contains("no checkpoint of this run is good"), result.complaint());
        assertTrue(result.complaint().contains("--overwrite"), result.complaint());
        assertTrue(Files.exists(checkpoint(4)), "and nothing is deleted");
    }

    @Test
    void anotherRunIsRefusedWithBothValues() {
        resume("--layers=2").assertRefused(1, "model.layers was 1, is now 2");
        resume("--vocab=301").assertRefused(1, "vocabulary was 300, is now 301");
        resume("--seed=2").assertRefused(1, "seed was 1, is now 2");
        resume("--batch=3").assertRefused(1, "batches.sequences was 2, is now 3");
        resume("--corpus=" + folder).assertRefused(1, "corpus was " + SmallCorpus.SHARED + ", is now " + folder);
    }

    @Test
    void aDamagedShardIsPreparedAgain() throws IOException {
        damage(run.resolve("train.bin"));
        Captured result = resume();
        assertEquals(0, result.code(), result.err());
        assertSaid("train.bin is missing or damaged: the text is prepared again", result);
        assertSameWeights();
    }

    @Test
    void aDamagedNoteOfWhatWasPreparedIsMadeAgain() throws IOException {
        Path note = run.resolve("prepared.properties");
        byte[] good = Files.readAllBytes(note);
        for (String damage : new String[] {"\\u12", "validation_bytes=many", "\u00ff", "from=nophing"}) {
            Files.write(note, good);
            Files.writeString(note, damage, StandardCharsets.ISO_8859_1, StandardOpenOption.APPEND);
            assertSaid("prepared.properties is damaged: the text is prepared again", resume("--steps=2"));
        }
    }

    @Test
    void aFolderInWhichAnotherProcessTrainsIsLeftAlone() throws IOException {
        try (FileChannel other =
                FileChannel.open(run.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            other.lock();
            resume().assertRefused(1, run + ": another process trains into this folder");
            quickstart("--out=" + run, "--overwrite")
                    .assertRefused(1, run + ": another process trains into this folder");
        }
        assertTrue(Files.exists(checkpoint(4)));
        assertEquals(0, resume().code());
        assertFalse(Files.exists(run.resolve(".lock")));
    }

    @Test
    void aFileIsNoFolderOfARun() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "text");
        quickstart("--resume", "--out=" + file)
                .assertRefused(1, file + ": is a file, not a folder; choose another --out");
    }

    /// The corpus changed, and the shard has to be made again: it is another text than the checkpoint's.
    @Test
    void anotherTextIsRefusedByItsHash() throws IOException {
        Path own = SmallCorpus.write(folder.resolve("own"), 60);
        Path other = folder.resolve("other");
        String[] options = {"--corpus=" + own, "--out=" + other};
        assertEquals(0, quickstart(options).code());
        SmallCorpus.write(own, 70);
        Files.delete(other.resolve("train.bin"));
        Captured result = quickstart("--corpus=" + own, "--out=" + other, "--resume");
        result.assertRefused(1, "corpus.sha256 was ");
    }

    @Test
    void withoutARunItBeginsAndSaysSo() throws IOException {
        Captured result = quickstart("--out=" + folder.resolve("new"), "--resume");
        assertEquals(0, result.code(), result.err());
        assertSaid("there is no checkpoint yet: training begins at step 1", result);
        assertArrayEquals(expected, Files.readAllBytes(folder.resolve("new").resolve("model.safetensors")));
    }

    @Test
    void argumentsThatMakeNoSenseAreRefused() {
        quickstart("--resume").assertRefused(1, "--out");
        resume("--overwrite").assertRefused(1, "--overwrite");
        quickstart("--checkpoint-every=0").assertRefused(1, "--checkpoint-every");
        quickstart("--learning-rate=0").assertRefused(1, "--learning-rate");
    }
}
