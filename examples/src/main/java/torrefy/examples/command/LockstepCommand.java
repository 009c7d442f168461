package torrefy.examples.command;

import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.training.Batches;
import torrefy.model.training.Lockstep;
import torrefy.model.training.RunLength;
import torrefy.model.training.TokenSource;
import torrefy.model.training.TrainingSettings;

/// Trains one small model on two backends and compares their losses step by step.
@Command(
        name = "lockstep",
        description =
                "Trains the same small GPT on two backends side by side: whether one can be trusted as the other.",
        mixinStandardHelpOptions = true)
public final class LockstepCommand implements Callable<Integer> {

    private static final TransformerConfig CONFIG = TransformerConfig.gpt2(257, 64, 2, 4, 64);
    private static final int SEQUENCES = 8;

    @Mixin
    private Computing computing;

    @Option(
            names = "--against",
            paramLabel = "NAME",
            defaultValue = "vector",
            description = "The backend that is trusted (default: ${DEFAULT-VALUE}).")
    private String against;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "300",
            description = "How many (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(
            names = "--limit",
            paramLabel = "X",
            defaultValue = "1e-3",
            description = "The losses may differ by this (default: ${DEFAULT-VALUE}).")
    private double limit;

    @Override
    public Integer call() {
        if (steps < 1) {
            throw new IllegalArgumentException("--steps must be at least 1, got " + steps);
        }
        try (Backend other = computing.open();
                Backend trusted = Backends.create(against, other.threads())) {
            System.out.println(trusted.description());
            System.out.println(other.description());
            Batches batches = new Batches(TokenSource.of(text()), SEQUENCES, CONFIG.context(), 1);
            TrainingSettings settings = TrainingSettings.standard(RunLength.steps(steps), 3e-3f);
            Lockstep lockstep = new Lockstep(CONFIG, batches, settings, trusted, other);
            double[] largest = new double[1];
            Optional<Integer> failed = lockstep.run(limit, step -> {
                largest[0] = Math.max(largest[0], step.difference());
                if (step.number() == 1 || step.number() % 30 == 0 || !(step.difference() <= limit)) {
                    System.out.printf(
                            Locale.ROOT,
                            "step %4d  loss %.6f and %.6f, apart by %.1e%n",
                            step.number(),
                            step.loss(),
                            step.otherLoss(),
                            step.difference());
                }
            });
            if (failed.isEmpty()) {
                System.out.printf(
                        Locale.ROOT, "%d steps, nowhere apart by more than %.1e: they agree%n", steps, largest[0]);
                return 0;
            }
            System.out.printf(
                    Locale.ROOT,
                    "step %d goes beyond the limit of %.1e; from equal weights %s%n",
                    failed.get(),
                    limit,
                    lockstep.firstDrift(failed.get()).orElse("every result of this step agrees"));
            return 1;
        }
    }

    /// Something to learn: bytes of which each follows from the one before it, seven times of eight.
    private static int[] text() {
        int[] tokens = new int[200_000];
        int noise = 1;
        for (int i = 1; i < tokens.length; i++) {
            noise = noise * 1_103_515_245 + 12_345;
            tokens[i] = (noise >>> 16) % 8 == 0 ? (noise >>> 20) % 256 : (5 * tokens[i - 1] + 7) % 256;
        }
        return tokens;
    }
}
