package torrefy.model.training;

import java.time.Duration;

/// Where a run stands between two steps. Together with what [Trainer#arrays] names it is all that the next step depends
/// on: which text a step reads and which activations it drops follow from the seeds and from the step's number.
///
/// @param step the number of steps taken, those included that changed nothing
/// @param updates how many of them moved the weights
/// @param tokens read so far
/// @param elapsed training time so far, without what listeners took
public record TrainingState(int step, int updates, long tokens, Duration elapsed) {

    /// Before the first step.
    public static final TrainingState START = new TrainingState(0, 0, 0, Duration.ZERO);

    public TrainingState {
        if (updates < 0 || step < updates || tokens < 0 || elapsed.isNegative()) {
            throw new IllegalArgumentException("no run stands at step " + step + " with " + updates + " updates, "
                    + tokens + " tokens and " + elapsed);
        }
    }
}
