package torrefy.examples.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import torrefy.examples.quickstart.KilledRun;

/// Whether a run survives being killed.
@Command(
        name = "kill-test",
        description =
                "Kills a small quickstart at random moments, resumes it, with 1 and 2 threads by turns, and compares"
                        + " the weights in the end with those of a run that was left alone.",
        mixinStandardHelpOptions = true)
public final class KillTestCommand implements Callable<Integer> {

    @Option(
            names = "--kills",
            paramLabel = "N",
            defaultValue = "20",
            description = "Processes to kill (default: ${DEFAULT-VALUE}).")
    private int kills;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of the moments (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "400",
            description = "Steps of each run (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "N",
            defaultValue = "5",
            description = "Steps between two checkpoints (default: ${DEFAULT-VALUE}).")
    private int checkpointEvery;

    @Option(
            names = "--corpus",
            paramLabel = "PATH",
            description = "A small one, as of the quickstart (default: the JDK's own lib/src.zip).")
    private Path corpus;

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            description = "Where the runs go, which stay there (default: a new folder in the temporary one).")
    private Path folder;

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            defaultValue = "scalar",
            description = "auto, scalar, vector or opencl (default: ${DEFAULT-VALUE}, whose first step comes soonest).")
    private String backend;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (kills < 1) {
            throw new IllegalArgumentException("--kills must be at least 1, got " + kills);
        }
        Path runs = folder == null ? Files.createTempDirectory("torrefy-kill-test") : folder;
        System.out.println("the runs go to " + runs);
        List<String> arguments = new ArrayList<>(List.of(
                "--backend=" + backend,
                "--steps=" + steps,
                "--checkpoint-every=" + checkpointEvery,
                "--vocab=512",
                "--layers=2",
                "--width=32",
                "--heads=2",
                "--context=32",
                "--batch=4"));
        if (corpus != null) {
            arguments.add("--corpus=" + corpus);
        }
        KilledRun.Outcome outcome = new KilledRun(runs, arguments, seed, System.out::println).run(kills);
        System.out.printf(
                "%d kills, %d survived; SHA-256 of the weights of a run left alone%n  %s%nand of the runs that were killed%n",
                outcome.kills(), outcome.survived(), outcome.expected());
        outcome.hashes().forEach(hash -> System.out.println("  " + hash));
        return outcome.survived() == outcome.kills() ? 0 : 1;
    }
}
