package torrefy.examples.quickstart;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import torrefy.core.data.FileHash;
import torrefy.model.checkpoint.HuggingFaceFolder;

/// A quickstart whose process is killed again and again at random moments, with `SIGKILL`, which leaves it no time for
/// anything, and begun again with `--resume`: does it come to the bits of one that was left alone?
public final class KilledRun {

    /// A process is killed at most so long after its first step.
    private static final int LONGEST_MILLIS = 600;

    /// One in so many is killed earlier: while Java starts, the text is prepared, or the run takes up its thread.
    private static final int EARLY_ONE_IN = 4;

    private static final int LINES_SHOWN = 5;

    /// What came of it.
    ///
    /// @param kills how many processes were killed
    /// @param survived how many of them belonged to runs that came to the expected end
    /// @param expected SHA-256 of the weights of the run that was left alone
    /// @param hashes of those that were not
    public record Outcome(int kills, int survived, String expected, List<String> hashes) {}

    private final Path folder;
    private final List<String> arguments;
    private final Random random;
    private final Consumer<String> listener;
    private int processes;

    /// @param folder for the runs' folders
    /// @param arguments of the quickstart, without folder and threads
    /// @param listener takes a line about each kill
    public KilledRun(Path folder, List<String> arguments, long seed, Consumer<String> listener) {
        this.folder = folder;
        this.arguments = arguments;
        this.random = new Random(seed);
        this.listener = listener;
    }

    /// Kills `kills` processes. If a run is over before, another one is begun.
    ///
    /// @throws IOException if a process ends with an error
    public Outcome run(int kills) throws IOException, InterruptedException {
        Path alone = folder.resolve("left-alone");
        live(alone, Integer.MAX_VALUE);
        String expected = weights(alone);
        listener.accept("left alone: " + expected);
        List<String> hashes = new ArrayList<>();
        int killed = 0;
        int survived = 0;
        while (killed < kills) {
            Path run = folder.resolve("killed-" + (hashes.size() + 1));
            int killsOfRun = 0;
            boolean over = false;
            while (!over) {
                over = live(run, killed + killsOfRun < kills ? delay() : Integer.MAX_VALUE);
                if (!over) {
                    killsOfRun++;
                    listener.accept("kill " + (killed + killsOfRun) + ": " + place(run));
                }
            }
            String hash = weights(run);
            listener.accept("killed " + killsOfRun + " times: " + hash);
            hashes.add(hash);
            killed += killsOfRun;
            survived += hash.equals(expected) ? killsOfRun : 0;
        }
        return new Outcome(killed, survived, expected, hashes);
    }

    /// When to kill the next process, in milliseconds after its first step; or, below 0, after it was started.
    private int delay() {
        int millis = random.nextInt(LONGEST_MILLIS);
        return random.nextInt(EARLY_ONE_IN) == 0 ? -1 - 3 * millis : millis;
    }

    /// Where the process was when it was killed, as far as its folder tells.
    private static String place(Path run) throws IOException {
        RunFolder files = new RunFolder(run);
        if (!Files.exists(files.prepared())) {
            return "before the text was ready";
        }
        Path checkpoints = files.checkpoints().path();
        if (!Files.exists(files.metrics()) || !Files.isDirectory(checkpoints)) {
            return "before the first checkpoint";
        }
        String place = "after step " + Files.readAllLines(files.metrics()).size();
        try (Stream<Path> all = Files.list(checkpoints)) {
            return place + (all.anyMatch(file -> file.toString().endsWith(".tmp")) ? ", writing a checkpoint" : "");
        }
    }

    private static String weights(Path run) throws IOException {
        return FileHash.sha256(run.resolve(HuggingFaceFolder.WEIGHTS));
    }

    /// One process, with one thread or with two by turns.
    ///
    /// @return whether it came to the end; false if it was killed before
    private boolean live(Path run, int delay) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "torrefy.examples.Torrefy"));
        command.add("quickstart");
        command.addAll(arguments);
        command.addAll(List.of("--threads=" + (1 + processes++ % 2), "--out=" + run, "--resume"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        CountDownLatch training = new CountDownLatch(1);
        Deque<String> lastLines = new ArrayDeque<>();
        Thread reader = Thread.ofVirtual().start(() -> read(process, training, lastLines));
        try {
            boolean ended = delay < 0
                    ? process.waitFor(-delay, TimeUnit.MILLISECONDS)
                    : await(training, process) || process.waitFor(delay, TimeUnit.MILLISECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor();
                return false;
            }
        } finally {
            process.destroyForcibly().waitFor();
            reader.join();
        }
        if (process.exitValue() != 0) {
            throw new IOException(
                    "a process ended with code " + process.exitValue() + ": " + String.join(" | ", lastLines));
        }
        return true;
    }

    /// Waits for the first step.
    ///
    /// @return whether the process ended before
    private static boolean await(CountDownLatch training, Process process) throws InterruptedException {
        while (!training.await(10, TimeUnit.MILLISECONDS)) {
            if (!process.isAlive()) {
                return true;
            }
        }
        return false;
    }

    private static void read(Process process, CountDownLatch training, Deque<String> lastLines) {
        try (BufferedReader lines = process.inputReader()) {
            String before = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                // The first row of the table comes with the first step.
                if (before.equals(Progress.HEADING)) {
                    training.countDown();
                }
                before = line;
                lastLines.add(line);
                if (lastLines.size() > LINES_SHOWN) {
                    lastLines.remove();
                }
            }
        } catch (UncheckedIOException | IOException e) {
            // A killed process's stream ends where it ends.
        }
    }
}
