package torrefy.model.plan;

import java.util.OptionalLong;
import torrefy.model.training.MemoryEstimate;

/// What a training run will take on this machine.
///
/// @param setup of its steps
/// @param step where a step's time goes
/// @param memory what a step takes of it
/// @param checkpoint what saving takes
/// @param programBytes that a process that trains holds beside that: [Calibration#programBytes]
/// @param run how long the run is, and what an hour of the machine costs
public record Forecast(
        StepSetup setup,
        StepCost step,
        MemoryEstimate memory,
        CheckpointCost checkpoint,
        OptionalLong programBytes,
        Run run) {

    /// @param tokens to train on
    /// @param watts what the machine draws while it trains
    /// @param pricePerHour of the machine, in the user's currency
    public record Run(long tokens, double watts, double pricePerHour) {

        public Run {
            if (tokens < 1) {
                throw new IllegalArgumentException("a run needs at least 1 token, got " + tokens);
            }
            if (!(watts >= 0 && watts < 1e9) || !(pricePerHour >= 0 && pricePerHour < 1e9)) {
                throw new IllegalArgumentException(
                        "watts and the price of an hour must not be negative, got " + watts + " and " + pricePerHour);
            }
        }
    }

    /// The most that a process holds which trains without saving; empty if its garbage collector has no bound, or the
    /// system does not tell what a process holds.
    public OptionalLong residentBytes() {
        return programBytes.isEmpty() ? programBytes : memory.residentBytes(programBytes.getAsLong());
    }

    public double tokensPerSecond() {
        return setup.tokens() / step.seconds();
    }

    /// Whole steps for all tokens.
    public long steps() {
        return Math.ceilDiv(run.tokens, setup.tokens());
    }

    /// Of training, without what comes before and after it.
    public double seconds() {
        return steps() * step.seconds();
    }

    /// `watts · hours / 1000`
    public double kilowattHours() {
        return run.watts * seconds() / Budget.SECONDS_PER_HOUR / 1000;
    }

    /// `price · hours`
    public double cost() {
        return run.pricePerHour * seconds() / Budget.SECONDS_PER_HOUR;
    }

    /// The share of all time for which multiply-adds would be enough at `peak` FLOP/s: how well the machine is used.
    public double utilization(double peak) {
        return setup.config().flopsPerToken() * tokensPerSecond() / peak;
    }
}
