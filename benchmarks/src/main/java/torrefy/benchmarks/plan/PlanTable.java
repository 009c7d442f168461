package torrefy.benchmarks.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import torrefy.benchmarks.FreshJvm;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.model.plan.Calibration;
import torrefy.model.plan.CheckpointCost;
import torrefy.model.plan.Forecast;
import torrefy.model.plan.KernelTimes;
import torrefy.model.plan.RecordedStep;
import torrefy.model.plan.StepCost;
import torrefy.model.plan.StepSetup;
import torrefy.model.plan.Verification;

/// Plans eight trainings, makes them, and prints what was predicted beside what was measured: the time of a step, how
/// much of the processors it got, and the most memory that the process held.
///
/// Each training takes two processes: one calibrates and leaves what it measured in a file, the other reads the file
/// and trains, so that its memory is that of training alone. The argument is the seconds that each trains: 40 if none
/// is given. On a machine that does nothing else the whole takes twelve minutes.
public final class PlanTable {

    private static final int SECONDS = 40;

    private static final Duration CALIBRATION = Duration.ofSeconds(16);

    /// A collector that says how much garbage it lets lie.
    private static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-Xmn32m");

    private PlanTable() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        double seconds = arguments.length == 0 ? SECONDS : Double.parseDouble(arguments[0]);
        System.out.printf(
                "%-30s %10s  %9s %9s %7s  %7s %5s  %8s %8s %7s%n",
                "", "parameters", "predicted", "step", "apart", "anew", "CPUs", "predicted", "memory", "apart");
        Path folder = Files.createTempDirectory("torrefy-plan");
        try {
            for (Map.Entry<String, StepSetup> entry : PlannedSizes.all().entrySet()) {
                Path file = folder.resolve("calibration.txt");
                FreshJvm.run(FLAGS, Training.class, entry.getKey(), file, 0).after("planned");
                FreshJvm trained = FreshJvm.run(FLAGS, Training.class, entry.getKey(), file, seconds);
                System.out.printf(
                        Locale.ROOT,
                        "%-30s %,10d  %s%n",
                        entry.getKey(),
                        entry.getValue().config().parameters(),
                        trained.after("trained"));
                Files.delete(file);
            }
        } finally {
            Files.deleteIfExists(folder);
        }
    }

    /// The program of the fresh JVM.
    static final class Training {

        private Training() {}

        /// @param arguments which of [PlannedSizes#all], the calibration's file, the seconds to train; 0 to plan alone
        public static void main(String[] arguments) throws IOException {
            StepSetup setup = PlannedSizes.all().get(arguments[0]);
            Path file = Path.of(arguments[1]);
            double seconds = Double.parseDouble(arguments[2]);
            try (Backend backend = Backends.standard()) {
                Calibration calibration = Calibration.of(backend, Optional.of(file), false, CALIBRATION);
                RecordedStep step = calibration.recorded(setup);
                KernelTimes times = calibration.times(step, 1);
                CheckpointCost checkpoint =
                        CheckpointCost.of(setup.config(), setup.storage(), calibration, file.getParent());
                calibration.keep();
                Forecast forecast = new Forecast(
                        setup,
                        StepCost.of(step, times),
                        setup.memory(),
                        checkpoint,
                        calibration.programBytes(),
                        new Forecast.Run(1, 0, 0));
                if (seconds == 0) {
                    System.out.println("planned " + forecast.step().seconds());
                    return;
                }
                Duration length = Duration.ofNanos((long) (1e9 * seconds));
                Verification measured = Verification.run(setup, step, backend, calibration.stretch(setup), length);
                System.out.println("trained " + row(forecast, measured, backend.threads()));
            }
        }

        private static String row(Forecast forecast, Verification measured, int threads) {
            double predicted = forecast.step().seconds();
            double step = measured.stepSeconds();
            double memory = forecast.residentBytes().orElse(0) / 1e6;
            double resident = measured.residentBytes().orElse(0) / 1e6;
            return String.format(
                    Locale.ROOT,
                    "%6.0f ms %6.0f ms %+5.1f %%  %+5.1f %% %3.0f %%  %5.0f MB %5.0f MB %+5.1f %%",
                    1e3 * predicted,
                    1e3 * step,
                    100 * (predicted / step - 1),
                    100 * (measured.besideSeconds() / step - 1),
                    100 * measured.processorSeconds() / (threads * step),
                    memory,
                    resident,
                    100 * (memory / resident - 1));
        }
    }
}
