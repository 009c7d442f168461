package torrefy.examples.command;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import torrefy.core.backend.Backend;
import torrefy.model.plan.CheckpointCost;
import torrefy.model.plan.Forecast;
import torrefy.model.plan.KernelTimes;
import torrefy.model.plan.RecordedStep;
import torrefy.model.plan.StepCost;
import torrefy.model.plan.StepSetup;

/// Says what a training run will take, before it begins.
@Command(
        name = "plan",
        description = "Measures this machine for some seconds and says what training a model will take of time, memory,"
                + " energy and money.",
        mixinStandardHelpOptions = true)
public final class PlanCommand implements Callable<Integer> {

    /// Typical runs are a few percent longer than the lower quartile on a quiet machine.
    private static final double RESTLESS = 1.25;

    /// What is enough for a model of N parameters is about 20·N tokens: Hoffmann et al., arXiv 2203.15556, table 3.
    private static final long TOKENS_PER_PARAMETER = 20;

    @Mixin
    private ModelShape shape;

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

    @Option(
            names = "--calibration",
            paramLabel = "SECONDS",
            defaultValue = "12",
            description = "How long to measure this machine (default: ${DEFAULT-VALUE}).")
    private double calibration;

    @Mixin
    private Computing computing;

    @Override
    public Integer call() throws IOException {
        if (!(calibration > 0 && calibration <= 3600)) {
            throw new IllegalArgumentException("--calibration must be above 0 and at most 3600, got " + calibration);
        }
        StepSetup setup = shape.setup();
        Forecast.Run run = new Forecast.Run(
                tokens == null ? TOKENS_PER_PARAMETER * setup.config().parameters() : tokens, watts, price);
        try (Backend backend = computing.open()) {
            double peak = backend.measurePeak(Duration.ofMillis(400));
            System.out.println("machine     " + backend.description());
            RecordedStep step = RecordedStep.of(setup);
            KernelTimes times =
                    KernelTimes.measure(backend, List.of(step), Duration.ofNanos((long) (1e9 * calibration)));
            CheckpointCost checkpoint = CheckpointCost.measure(setup.config(), setup.storage(), out);
            Forecast forecast = new Forecast(setup, StepCost.of(step, times), setup.memory(), checkpoint, run);
            new ForecastText(System.out).print(forecast, peak);
            if (times.unrest() > RESTLESS) {
                System.out.printf(
                        Locale.ROOT,
                        "The machine had other work while it was measured: typical runs took %.1f times as long as"
                                + " the undisturbed ones that count here.%n",
                        times.unrest());
            }
        }
        return 0;
    }
}
