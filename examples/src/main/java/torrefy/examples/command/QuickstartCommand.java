package torrefy.examples.command;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import torrefy.core.backend.Backend;
import torrefy.examples.quickstart.ModelChoice;
import torrefy.examples.quickstart.Quickstart;
import torrefy.examples.quickstart.QuickstartOptions;
import torrefy.model.plan.MemoryPlan;

/// Raw text to a trained model that talks, in one command.
@Command(
        name = "quickstart",
        description = "Collects and cleans text, trains a tokenizer and a small model on it, evaluates and saves them.",
        mixinStandardHelpOptions = true)
public final class QuickstartCommand implements Callable<Integer> {

    private static final double DEFAULT_MINUTES = 5;

    /// Whoever says anything of these has a model in mind.
    private static final List<String> SIZES = List.of(
            "--from",
            "--architecture",
            "--layers",
            "--width",
            "--heads",
            "--batch",
            "--recompute",
            "--weights",
            "--moments",
            "--activations");

    /// What learning how fast the machine is may take of the run's time, and seconds at most.
    private static final double CALIBRATION_SHARE = 0.05;

    private static final double LONGEST_CALIBRATION = 15;

    /// 128 and the number of `SIGINT`: what shells expect of a program that Ctrl-C ended.
    private static final int INTERRUPTED = 130;

    @Option(
            names = "--corpus",
            paramLabel = "PATH",
            description =
                    "A file, a folder, a .zip, or a .jsonl with a \"text\" field; or a folder that 'corpus build' wrote, whose"
                            + " tokens are then trained on as they are (default: the JDK's own lib/src.zip).")
    private Path corpus;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description =
                    "Be done in N minutes, everything included (default: 5, unless --steps is given). The model is"
                            + " then the one that this time is best spent on, unless an option says anything of its sizes or of"
                            + " its storage.")
    private Double minutes;

    @Option(names = "--steps", paramLabel = "N", description = "Train exactly N steps instead.")
    private Integer steps;

    @Option(names = "--out", paramLabel = "DIR", description = "The run's folder (default: runs/ and the time of day).")
    private Path out;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of initial weights and of the order of the text (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private ModelOptions models;

    @Mixin
    private StepOptions step;

    @Option(
            names = "--within-documents",
            description = "Let attention stop at the beginning of a document: nothing is predicted from the text that"
                    + " happens to stand before it.")
    private boolean withinDocuments;

    @Option(
            names = "--learning-rate",
            paramLabel = "X",
            description =
                    "The highest; it rises over the first tenth of the run and falls to a tenth (default: 0.002; for"
                            + " a chosen width C 0.032/√C, which at 256 is the same; with --from 0.0001).")
    private Float learningRate;

    @Option(names = "--overwrite", description = "Replace the run in --out, if there is one.")
    private boolean overwrite;

    @Option(
            names = "--resume",
            description = "Go on with the run in --out, from its last good checkpoint; the other options as before,"
                    + " but for its length and the learning rate.")
    private boolean resume;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "N",
            description = "Save everything that it takes to go on every N steps (default: about every 25 seconds).")
    private Integer checkpointEvery;

    @Option(
            names = "--plan-only",
            description =
                    "Say how training would fit into memory, which of the above would be changed for it, and stop.")
    private boolean planOnly;

    @Spec
    private CommandSpec command;

    @Mixin
    private CalibrationOptions calibrating;

    @Mixin
    private Computing computing;

    @Override
    public Integer call() throws Exception {
        if (resume && out == null) {
            throw new IllegalArgumentException("--resume needs --out DIR, the folder of the run that is to go on");
        }
        ModelChoice model = models.model(corpus);
        QuickstartOptions options = new QuickstartOptions(
                corpus,
                steps == null && minutes == null ? (Double) DEFAULT_MINUTES : minutes,
                steps,
                out == null
                        ? Path.of(
                                "runs",
                                DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").format(LocalDateTime.now()))
                        : out,
                overwrite,
                resume,
                checkpointEvery,
                SIZES.stream().noneMatch(this::isGiven),
                learningRate,
                seed,
                model,
                models.length(model),
                step.batch(),
                step.recompute,
                withinDocuments,
                step.storage());
        Duration measuring = calibrating.budget(
                steps == null ? Math.min(LONGEST_CALIBRATION, CALIBRATION_SHARE * 60 * options.minutes()) : 1);
        try (Backend backend = computing.open()) {
            Quickstart quickstart =
                    new Quickstart(options, backend, calibrating.open(backend, measuring), toGoOn(options.out()));
            if (planOnly) {
                MemoryPlan plan = quickstart.plan();
                System.out.println(plan.description());
                System.out.println(plan.memory().description(quickstart.residentBytes(plan)));
                return 0;
            }
            return quickstart.run() ? 0 : INTERRUPTED;
        } catch (OutOfMemoryError e) {
            throw new OutOfHeapException(e);
        }
    }

    private boolean isGiven(String option) {
        return command.commandLine().getParseResult().hasMatchedOption(option);
    }

    /// What the user typed, with the folder and `--resume`.
    private String toGoOn(Path folder) {
        StringBuilder line = new StringBuilder("mvn -q compile exec:exec -Dargs='quickstart");
        for (OptionSpec option : command.commandLine().getParseResult().matchedOptions()) {
            if (Stream.of("--out", "--resume", "--overwrite").noneMatch(option.longestName()::equals)) {
                line.append(' ').append(option.longestName());
                if (option.arity().max() > 0) {
                    line.append(' ')
                            .append(Quickstart.quoted(
                                    option.originalStringValues().getLast()));
                }
            }
        }
        return line + " --out " + Quickstart.quoted(folder.toString()) + " --resume'";
    }
}
