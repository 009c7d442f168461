package torrefy.examples.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import torrefy.core.backend.ArrayMemory;
import torrefy.core.backend.Backend;
import torrefy.model.plan.Budget;
import torrefy.model.plan.Calibration;
import torrefy.model.plan.CheckpointCost;
import torrefy.model.plan.Forecast;
import torrefy.model.plan.KernelTimes;
import torrefy.model.plan.LossModel;
import torrefy.model.plan.MemoryPlan;
import torrefy.model.plan.ModelSizes;
import torrefy.model.plan.Proposal;
import torrefy.model.plan.PublishedLaws;
import torrefy.model.plan.RecordedStep;
import torrefy.model.plan.SpeedCurve;
import torrefy.model.plan.StepCost;
import torrefy.model.plan.StepSetup;
import torrefy.model.plan.Verification;

/// Says what a training run will take, before it begins.
@Command(
        name = "plan",
        subcommands = PlanBuyCommand.class,
        description = "Measures this machine for some seconds and says what training a model will take of time, memory,"
                + " energy and money.",
        mixinStandardHelpOptions = true)
public final class PlanCommand implements Callable<Integer> {

    private static final int LONGEST_SECONDS = 3600;

    /// With what else is looked at, under 20 seconds.
    private static final double CALIBRATION_SECONDS = 16;

    /// Of these, for the speed of a few sizes, if a model is to be chosen.
    private static final double SPEED_SHARE = 0.65;

    /// What is enough for a model of N parameters is about 20·N tokens: Hoffmann et al., arXiv 2203.15556, table 3.
    private static final long TOKENS_PER_PARAMETER = 20;

    @Mixin
    private ModelShape shape;

    @Mixin
    private BudgetOptions budget;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            description = "Tokens to train on (default: 20 for each parameter of the model).")
    private Long tokens;

    @Option(
            names = "--watts",
            paramLabel = "W",
            defaultValue = "100",
            description = "What the machine draws while it computes (default: ${DEFAULT-VALUE}).")
    private double watts;

    @Option(
            names = "--price",
            paramLabel = "X",
            defaultValue = "0",
            description = "What an hour of the machine costs, in your currency (default: ${DEFAULT-VALUE}).")
    private double price;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = ".",
            description = "Where models would be saved: writing there is measured (default: the current folder).")
    private Path out;

    @Mixin
    private CalibrationOptions calibrating;

    @Option(
            names = "--verify",
            paramLabel = "SECONDS",
            arity = "0..1",
            fallbackValue = "60",
            description =
                    "Then train for SECONDS (60 if none are given) on random tokens, and show the forecast beside what"
                            + " was measured.")
    private Double verify;

    @Mixin
    private Computing computing;

    private final ForecastText text = new ForecastText(System.out);

    @Override
    public Integer call() throws IOException {
        Duration measuring = calibrating.budget(CALIBRATION_SECONDS);
        Duration verifying = verify == null ? null : seconds("--verify", verify);
        // What cannot be is refused before anything is measured.
        boolean proposes = budget.proposes(shape.isSized());
        ModelSizes sizes = proposes ? shape.sizes() : null;
        StepSetup wanted = proposes ? null : shape.setup();
        new Forecast.Run(tokens == null ? 1 : tokens, watts, price);
        Duration climbing = budget.ladderTime();
        if (budget.ladder() != null && sizes == null) {
            throw new IllegalArgumentException("--ladder fits the law by which a budget proposes a model: give --hours,"
                    + " --dollars or --memory, too");
        }
        if (tokens != null && sizes != null) {
            throw new IllegalArgumentException(
                    "a budget proposes the number of tokens: leave out --tokens, or the budget");
        }
        if (!Files.isDirectory(out)) {
            throw new NoSuchFileException(
                    out.toString(), null, "no such folder; --out takes one in which models would be saved");
        }
        try (Backend backend = computing.open()) {
            Budget spending = sizes == null ? null : budget.budget(price, backend.memory());
            System.out.println("machine     " + backend.description());
            StepSetup trained = sizes == null ? fitting(wanted, budget.memory(backend.memory())) : null;
            Calibration calibration = calibrating.open(backend, measuring);
            Forecast forecast = sizes == null
                    ? forecast(trained, calibration)
                    : propose(sizes, spending, climbing, backend, calibration);
            text.print(forecast, calibration.peak(), backend.memory());
            text.keep(calibration);
            if (verifying != null) {
                forecast.memory().requireFits(backend.memory());
                StepSetup setup = forecast.setup();
                Verification measured =
                        Verification.run(setup, RecordedStep.of(setup), backend, calibration.stretch(setup), verifying);
                text.compare(forecast, measured, backend.threads());
            }
        }
        return 0;
    }

    /// What is forecast: with `--memory` what fits into it, else the wanted, though it may want a larger machine.
    private StepSetup fitting(StepSetup wanted, ArrayMemory memory) {
        try {
            MemoryPlan plan = MemoryPlan.fit(wanted, memory);
            text.print(plan, wanted, memory);
            return budget.boundsMemory() ? plan.setup() : wanted;
        } catch (IllegalArgumentException e) {
            if (budget.boundsMemory()) {
                throw e;
            }
            text.beware(e.getMessage());
            return wanted;
        }
    }

    private Forecast forecast(StepSetup setup, Calibration calibration) throws IOException {
        long seen = tokens == null ? TOKENS_PER_PARAMETER * setup.config().parameters() : tokens;
        return new Forecast(
                setup,
                timed(setup, calibration, 1),
                setup.memory(),
                CheckpointCost.of(setup.config(), setup.storage(), calibration, out),
                calibration.programBytes(),
                new Forecast.Run(seen, watts, price));
    }

    private StepCost timed(StepSetup setup, Calibration calibration, double share) {
        RecordedStep step = calibration.recorded(setup);
        KernelTimes times = calibration.times(step, share);
        text.doubts(times);
        return StepCost.of(step, times);
    }

    /// Chooses a model by the law and the speed of a few sizes, and then measures the one that was chosen.
    private Forecast propose(
            ModelSizes sizes, Budget spending, Duration climbing, Backend backend, Calibration calibration)
            throws IOException {
        SpeedCurve speed = SpeedCurve.measure(calibration, sizes, SPEED_SHARE);
        text.doubts(speed);
        LossModel law = new PublishedLaws();
        Proposal proposal = Proposal.of(spending, sizes, speed, law);
        if (budget.ladder() != null) {
            // Only now that the budget is known to be enough for a model.
            law = LadderCorpus.fit(budget.ladder(), sizes.vocabulary(), sizes.context(), backend, climbing);
            proposal = Proposal.of(spending, sizes, speed, law);
        }
        StepSetup setup = proposal.plan().setup();
        StepCost cost = timed(setup, calibration, 1 - SPEED_SHARE);
        Proposal measured = proposal.measured(setup.tokens() / cost.seconds(), spending, law);
        text.print(measured, law, spending);
        return new Forecast(
                setup,
                cost,
                proposal.plan().memory(),
                CheckpointCost.of(setup.config(), setup.storage(), calibration, out),
                calibration.programBytes(),
                new Forecast.Run((long) measured.tokens(), watts, price));
    }

    private static Duration seconds(String option, double value) {
        if (!(value > 0 && value <= LONGEST_SECONDS)) {
            throw new IllegalArgumentException(
                    option + " must be above 0 and at most " + LONGEST_SECONDS + " seconds, got " + value);
        }
        return Duration.ofNanos((long) (1e9 * value));
    }
}
