package torrefy.model.training;

import torrefy.model.optimizer.AdamW;
import torrefy.model.optimizer.Schedule;

/// How to train.
///
/// @param length how many steps, or until when
/// @param schedule of the learning rate
/// @param optimizer AdamW's constants
/// @param clip the gradient's length is limited to this
/// @param accumulation batches whose gradients are averaged for one step
/// @param seed of dropout, and of the rounding of what is stored as `BF16`
public record TrainingSettings(
        RunLength length, Schedule schedule, AdamW.Settings optimizer, double clip, int accumulation, long seed) {

    public TrainingSettings {
        if (!(clip > 0) || accumulation < 1) {
            throw new IllegalArgumentException(
                    "clip must be above 0 and accumulation at least 1, got " + clip + " and " + accumulation);
        }
    }

    /// Peak learning rate `learningRate` after a warm-up of 5 %, down to a tenth; AdamW as usual; clipping at 1.
    public static TrainingSettings standard(RunLength length, float learningRate) {
        return new TrainingSettings(
                length, new Schedule(learningRate, 0.05f, 0.1f), AdamW.Settings.standard(), 1.0, 1, 0);
    }
}
