package torrefy.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import torrefy.model.checkpoint.Checkpoint;
import torrefy.model.checkpoint.CheckpointFolder;

/// A quickstart in a process of its own, to which the signals are sent that a terminal sends.
class InterruptionTest {

    @TempDir
    static Path shared;

    private static Path corpus;

    @TempDir
    Path folder;

    @BeforeAll
    static void writeCorpus() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "signals are sent as on Linux");
        corpus = SmallCorpus.write(shared, 40);
    }

    private Process start(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("quickstart", "--backend=scalar", "--vocab=300", "--heads=2"));
        arguments.addAll(List.of("--corpus=" + corpus, "--out=" + folder));
        arguments.addAll(List.of(more));
        return ChildTorrefy.of(arguments).redirectErrorStream(true).start();
    }

    private static void awaitTraining(BufferedReader lines) throws Exception {
        String line = lines.readLine();
        while (line != null && !line.contains("time left")) {
            line = lines.readLine();
        }
        assertTrue(line != null, "training begins");
    }

    @Test
    void ctrlCFinishesTheStepSavesAndSaysHowToGoOn() throws Exception {
        Process process = start(
                "--width=16",
                "--layers=1",
                "--context=16",
                "--batch=2",
                "--steps=1000000",
                "--checkpoint-every=1000000");
        try (BufferedReader lines = process.inputReader()) {
            awaitTraining(lines);
            ChildTorrefy.interrupt(process);
            List<String> rest = lines.readAllLines();
            assertTrue(process.waitFor(1, TimeUnit.MINUTES));
            assertEquals(130, process.exitValue(), rest::toString);
            assertTrue(rest.getLast().endsWith("--out " + folder + " --resume'"), rest::toString);
            assertTrue(rest.getLast().contains("--steps 1000000 --checkpoint-every 1000000"), rest::toString);
            try (Checkpoint saved = new CheckpointFolder(folder.resolve("checkpoints"))
                    .search()
                    .newestGood()
                    .orElseThrow()) {
                String said = "saved after step " + saved.state().step();
                assertTrue(rest.stream().anyMatch(line -> line.startsWith(said)), rest::toString);
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertFalse(Files.exists(folder.resolve("loss.png")), "the run is not over");
    }

    /// The step that the first waits for takes the better part of a minute.
    @Test
    void aSecondCtrlCStopsAtOnce() throws Exception {
        Process process = start("--width=256", "--layers=4", "--context=256", "--batch=16", "--steps=2");
        try (BufferedReader lines = process.inputReader()) {
            awaitTraining(lines);
            ChildTorrefy.interrupt(process);
            assertTrue(lines.readLine().startsWith("stopping after this step"));
            ChildTorrefy.interrupt(process);
            assertTrue(process.waitFor(5, TimeUnit.SECONDS), "it waits for the step");
            assertEquals(130, process.exitValue());
            assertFalse(Files.exists(folder.resolve("checkpoints")));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
