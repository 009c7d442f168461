package torrefy.examples.command;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import torrefy.core.backend.ArrayMemory;
import torrefy.model.plan.Budget;

/// The options that say what there is to spend, from which a model follows.
public final class BudgetOptions {

    private static final double MOST_HOURS = 1000 * 365.25 * 24;

    @Option(
            names = "--hours",
            paramLabel = "N",
            description = "Propose the model that is best after N hours of training on this machine.")
    private Double hours;

    @Option(
            names = "--dollars",
            paramLabel = "X",
            description = "Propose the model that is best for X, at the --price of an hour of this machine.")
    private Double dollars;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            converter = ByteSizeConverter.class,
            description =
                    "The heap, or the memory of a device, that training may take, as 500m or 4g (default: this JVM's"
                            + " -Xmx, or what the device has). Alone: propose the largest model that fits. With sizes of a"
                            + " model: say what has to change for it to fit.")
    private Long memory;

    @Option(
            names = "--ladder",
            paramLabel = "PATH",
            description = "Fit the scaling law to this text first, by training six small models on it.")
    private Path ladder;

    @Option(
            names = "--ladder-minutes",
            paramLabel = "N",
            defaultValue = "6",
            description = "How long to train those (default: ${DEFAULT-VALUE}).")
    private double ladderMinutes;

    /// Whether a model is to be proposed.
    ///
    /// @param isSized whether the model has sizes already, which then have to fit into the memory
    boolean proposes(boolean isSized) {
        return hours != null || dollars != null || memory != null && !isSized;
    }

    boolean boundsMemory() {
        return memory != null;
    }

    /// What may be trained in.
    ///
    /// @param there the memory that this machine trains in
    ArrayMemory memory(ArrayMemory there) {
        return memory == null ? there : there.limitedTo(memory, "--memory");
    }

    /// @param price of an hour
    /// @param there the memory that this machine trains in
    Budget budget(double price, ArrayMemory there) {
        if (dollars != null && !(price > 0)) {
            throw new IllegalArgumentException("--dollars needs the --price of an hour of this machine");
        }
        double seconds = Double.POSITIVE_INFINITY;
        List<String> words = new ArrayList<>();
        if (hours != null) {
            if (hours > MOST_HOURS) {
                throw new IllegalArgumentException("--hours must be at most a thousand years, got " + hours);
            }
            seconds = Budget.SECONDS_PER_HOUR * hours;
            words.add("--hours " + hours);
        }
        if (dollars != null) {
            if (dollars / price > MOST_HOURS) {
                throw new IllegalArgumentException("--dollars must pay for at most a thousand years, got " + dollars
                        + " at a --price of " + price);
            }
            seconds = Math.min(seconds, Budget.SECONDS_PER_HOUR * dollars / price);
            words.add("--dollars " + dollars + " at a --price of " + price);
        }
        if (memory != null) {
            words.add("--memory " + (memory >> 20) + "m");
        }
        return new Budget(seconds, memory(there), price, String.join(", ", words));
    }

    /// The text to climb on; null for none.
    Path ladder() {
        return ladder;
    }

    Duration ladderTime() {
        if (!(ladderMinutes > 0 && ladderMinutes <= 60 * 24)) {
            throw new IllegalArgumentException(
                    "--ladder-minutes must be above 0 and at most a day, got " + ladderMinutes);
        }
        return Duration.ofNanos((long) (60e9 * ladderMinutes));
    }
}
