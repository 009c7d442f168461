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
/// @param seed of dropout
/// @param recompute whether blocks are computed a second time in backward instead of keeping their activations: the
///     same bits for less memory and more time
/// @param guard which steps are left out
/// @param documentStart the token before which sequences are cut, so that attention stays within a document; or
///     [#ACROSS_DOCUMENTS]
public record TrainingSettings(
        RunLength length,
        Schedule schedule,
        AdamW.Settings optimizer,
        double clip,
        int accumulation,
        long seed,
        boolean recompute,
        DivergenceGuard guard,
        int documentStart) {

    /// Attention looks back to the beginning of the sequence, whatever documents it is of.
    public static final int ACROSS_DOCUMENTS = -1;

    public TrainingSettings {
        if (!(clip > 0) || accumulation < 1) {
            throw new IllegalArgumentException(
                    "clip must be above 0 and accumulation at least 1, got " + clip + " and " + accumulation);
        }
    }

    /// Settings with the strict guard and attention across documents.
    public TrainingSettings(
            RunLength length,
            Schedule schedule,
            AdamW.Settings optimizer,
            double clip,
            int accumulation,
            long seed,
            boolean recompute) {
        this(
                length,
                schedule,
                optimizer,
                clip,
                accumulation,
                seed,
                recompute,
                DivergenceGuard.STRICT,
                ACROSS_DOCUMENTS);
    }

    /// Settings with the strict guard and attention across documents, and without recomputation.
    public TrainingSettings(
            RunLength length, Schedule schedule, AdamW.Settings optimizer, double clip, int accumulation, long seed) {
        this(length, schedule, optimizer, clip, accumulation, seed, false);
    }

    /// These settings, with or without recomputation.
    public TrainingSettings withRecompute(boolean on) {
        return new TrainingSettings(length, schedule, optimizer, clip, accumulation, seed, on, guard, documentStart);
    }

    /// These settings with another guard.
    public TrainingSettings withGuard(DivergenceGuard other) {
        return new TrainingSettings(
                length, schedule, optimizer, clip, accumulation, seed, recompute, other, documentStart);
    }

    /// These settings with attention within documents, which begin with the token `first`; or [#ACROSS_DOCUMENTS].
    public TrainingSettings withDocumentStart(int first) {
        return new TrainingSettings(length, schedule, optimizer, clip, accumulation, seed, recompute, guard, first);
    }

    /// Peak learning rate `learningRate` after a warm-up of 5 %, down to a tenth; AdamW as usual; clipping at 1.
    public static TrainingSettings standard(RunLength length, float learningRate) {
        return new TrainingSettings(
                length, new Schedule(learningRate, 0.05f, 0.1f), AdamW.Settings.standard(), 1.0, 1, 0);
    }
}
