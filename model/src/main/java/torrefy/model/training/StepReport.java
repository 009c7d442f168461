package torrefy.model.training;

import java.time.Duration;
import java.util.Optional;

/// What one training step was like.
///
/// @param step from 1
/// @param loss the mean negative log-likelihood of the step's batch before the update, in nats per token
/// @param gradientNorm before clipping
/// @param learningRate of the step
/// @param tokens trained on so far
/// @param elapsed since training began, without what listeners took
/// @param stepTime of this step alone
/// @param remaining until the run is over, estimated; zero after the last step, and only then
/// @param skipped why the step changed nothing; empty if it did, as steps should
public record StepReport(
        int step,
        float loss,
        double gradientNorm,
        float learningRate,
        long tokens,
        Duration elapsed,
        Duration stepTime,
        Duration remaining,
        Optional<SkippedStep> skipped) {

    /// Of a step that moved the weights.
    public StepReport(
            int step,
            float loss,
            double gradientNorm,
            float learningRate,
            long tokens,
            Duration elapsed,
            Duration stepTime,
            Duration remaining) {
        this(step, loss, gradientNorm, learningRate, tokens, elapsed, stepTime, remaining, Optional.empty());
    }

    /// Tokens per second of this step.
    public double tokensPerSecond(int tokensPerStep) {
        return tokensPerStep / (stepTime.toNanos() / 1e9);
    }
}
