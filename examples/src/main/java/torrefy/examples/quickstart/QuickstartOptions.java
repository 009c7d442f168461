package torrefy.examples.quickstart;

import java.nio.file.Path;
import torrefy.model.architecture.Storage;

/// What the user asked of the quickstart.
///
/// @param corpus where text is read from, or a folder that `corpus build` wrote; null for the JDK's sources
/// @param minutes the time for everything; null if `steps` is given
/// @param steps the number of training steps; null if `minutes` is given
/// @param out the run's folder
/// @param overwrite whether a run in that folder may be replaced
/// @param resume whether the run in that folder goes on
/// @param checkpointEvery steps between two checkpoints; null for one whenever held-out text was looked at
/// @param namesNoSizes whether the sizes of a new model and the batch are not the user's
/// @param learningRate the highest; null for the usual
/// @param model that is trained
/// @param context tokens per sequence
/// @param batch sequences per step
/// @param recompute whether blocks are computed a second time instead of keeping their activations
/// @param withinDocuments whether attention stops at the beginning of a document
/// @param storage of weights, moments and activations while training
public record QuickstartOptions(
        Path corpus,
        Double minutes,
        Integer steps,
        Path out,
        boolean overwrite,
        boolean resume,
        Integer checkpointEvery,
        boolean namesNoSizes,
        Float learningRate,
        long seed,
        ModelChoice model,
        int context,
        int batch,
        boolean recompute,
        boolean withinDocuments,
        Storage storage) {

    private static final long SMALLEST_READ = 8L << 20;
    private static final long LARGEST_READ = 64L << 20;
    private static final float NEW_RATE = 0.002f;
    private static final float FURTHER_RATE = 0.0001f;

    public QuickstartOptions {
        if ((minutes == null) == (steps == null)) {
            throw new IllegalArgumentException("give either --minutes or --steps, not both");
        }
        if (minutes != null && !(minutes > 0 && minutes <= 60 * 24 * 365)) {
            throw new IllegalArgumentException("--minutes must be above 0, got " + minutes);
        }
        if (steps != null && steps < 1) {
            throw new IllegalArgumentException("--steps must be at least 1, got " + steps);
        }
        if (overwrite && resume) {
            throw new IllegalArgumentException("give either --overwrite or --resume: a run is begun anew, or goes on");
        }
        if (checkpointEvery != null && checkpointEvery < 1) {
            throw new IllegalArgumentException("--checkpoint-every must be at least 1 step, got " + checkpointEvery);
        }
        if (learningRate != null && !(learningRate > 0 && learningRate <= 1)) {
            throw new IllegalArgumentException("--learning-rate must be above 0 and at most 1, got " + learningRate);
        }
        if (batch < 1) {
            throw new IllegalArgumentException("--batch must be at least 1, got " + batch);
        }
        if (model instanceof TrainedModel trained
                && out.toAbsolutePath()
                        .normalize()
                        .equals(trained.folder().toAbsolutePath().normalize())) {
            throw new IllegalArgumentException("--out " + out + " is the folder of --from: choose another");
        }
    }

    /// Whether a new run's sizes are those that its time is best spent on.
    boolean choosesSizes() {
        return namesNoSizes && minutes != null;
    }

    /// The same with sizes that were chosen; a learning rate of the user's stays.
    QuickstartOptions with(ChosenSizes chosen) {
        return new QuickstartOptions(
                corpus,
                minutes,
                steps,
                out,
                overwrite,
                resume,
                checkpointEvery,
                false,
                learningRate == null ? (Float) chosen.learningRate() : learningRate,
                seed,
                chosen.model(model.vocabulary(), context),
                context,
                chosen.batch(),
                recompute,
                withinDocuments,
                storage);
    }

    /// The highest learning rate. A model that has learned much forgets it at the rate at which a new one learns.
    float highestRate() {
        float usual = model instanceof TrainedModel ? FURTHER_RATE : NEW_RATE;
        return learningRate == null ? usual : learningRate;
    }

    /// How long the run is, as the user said it.
    String length() {
        return steps != null ? steps + " steps" : minutes + " minutes";
    }

    /// How much text to take at most, in bytes: some four times what the run can be expected to see, so that reading
    /// does not eat the time for training.
    public long textLimit() {
        double wanted = minutes != null ? minutes * (8L << 20) : 16.0 * steps * batch * context;
        return (long) Math.clamp(wanted, (double) SMALLEST_READ, (double) LARGEST_READ);
    }
}
