package torrefy.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.lang.management.ManagementFactory;
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

    private static final String INTERRUPT = "-INT";

    @TempDir
    static Path shared;

    private static Path corpus;

    @TempDir
    Path folder;

    /// `env` takes back what a shell without job control does to processes in the background: they ignore `SIGINT`.
    @BeforeAll
    static void writeCorpus() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "signals are sent as on Linux");
        corpus = SmallCorpus.write(shared, 40);
    }

    private Process start(String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Torrefy.class.getName()));
        command.addAll(List.of("quickstart", "--backend=scalar", "--vocab=300", "--heads=2"));
        command.addAll(List.of("--corpus=" + corpus, "--out=" + folder));
        command.addAll(List.of(more));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static void awaitTraining(BufferedReader lines) throws Exception {
        String line = lines.readLine();
        while (line != null && !line.contains("time left")) {
            line = lines.readLine();
        }
        assertTrue(line != null, "training begins");
    }

    private static void send(String signal, Process process) throws Exception {
        Process kill = new ProcessBuilder("kill", signal, Long.toString(process.pid())).start();
        assertEquals(0, kill.waitFor());
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
            send(INTERRUPT, process);
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
            send(INTERRUPT, process);
            assertTrue(lines.readLine().startsWith("stopping after this step"));
            send(INTERRUPT, process);
            assertTrue(process.waitFor(5, TimeUnit.SECONDS), "it waits for the step");
            assertEquals(130, process.exitValue());
            assertFalse(Files.exists(folder.resolve("checkpoints")));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
