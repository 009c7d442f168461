package torrefy.examples.command;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;
import torrefy.core.backend.Backend;
import torrefy.model.plan.Calibration;

/// The options that say how well the machine is to be known before it is planned for.
public final class CalibrationOptions {

    private static final double LONGEST_SECONDS = 3600;

    @Option(
            names = "--calibration",
            paramLabel = "SECONDS",
            description = "How long to measure this machine's kernels at most (plan: 16, a quickstart: a twentieth of"
                    + " its time, at most 15). What is known from before is not measured again.")
    private Double seconds;

    @Option(names = "--recalibrate", description = "Measure this machine again, and forget what was known of it.")
    private boolean anew;

    @Option(
            names = "--calibration-file",
            paramLabel = "FILE",
            description = "Where what was measured is kept (default: a file in the user's cache folder, one for each"
                    + " processor, JVM, backend and number of threads).")
    private Path file;

    /// How long to measure.
    ///
    /// @param standard seconds, if the user does not say it
    Duration budget(double standard) {
        double length = seconds == null ? standard : seconds;
        if (!(length > 0 && length <= LONGEST_SECONDS)) {
            throw new IllegalArgumentException(
                    "--calibration must be above 0 and at most " + LONGEST_SECONDS + " seconds, got " + length);
        }
        return Duration.ofNanos((long) (1e9 * length));
    }

    /// What is known of the machine on which `backend` computes.
    ///
    /// @param budget to measure what is not known
    Calibration open(Backend backend, Duration budget) {
        Optional<Path> kept = file == null ? Calibration.standardFile(backend) : Optional.of(file);
        return Calibration.of(backend, kept, anew, budget);
    }
}
