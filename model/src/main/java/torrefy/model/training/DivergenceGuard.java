package torrefy.model.training;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Which steps are left out because they would do harm: those whose loss or gradient is not finite, or lies far above
/// what the last steps had.
///
/// Far is told by the z-score, `z = (x − μ) / σ`, over the steps of a window: of the loss and of the gradient's
/// length before clipping. Only what lies above counts; a loss that falls is welcome. So that a run that hardly moves
/// does not take every stir for an outlier, σ counts as at least a fiftieth of μ for the loss, and as half of μ for
/// the gradient: when a model begins to understand something its gradients grow several times over, and clipping is
/// there for that. A step that is left out changes nothing, does not enter the window, and is counted; the run goes
/// on with the next text. When too many are left out in a row it is not the text, and the run ends.
///
/// @param window how many steps are compared with, of those that counted; until there are as many, and if it is 0, only
///     what is not finite is left out
/// @param threshold the largest z that passes
/// @param inARow as many steps left out one after the other end the run
public record DivergenceGuard(int window, double threshold, int inARow) {

    /// Ends the run at the first loss or gradient that is not finite, and looks at nothing else.
    public static final DivergenceGuard STRICT = new DivergenceGuard(0, Double.MAX_VALUE, 1);

    private static final double SMALLEST_OF_LOSS = 0.02;
    private static final double SMALLEST_OF_GRADIENT = 0.5;

    public DivergenceGuard {
        if (window < 0 || !(threshold > 0) || inARow < 1) {
            throw new IllegalArgumentException(
                    "a guard's window must be at least 0, its threshold above 0, and steps in a"
                            + " row at least 1, got " + window + ", " + threshold + " and " + inARow);
        }
    }

    /// A generous one: ten deviations from the last 100 steps, which is a loss a fifth above the mean at least, or six
    /// times the usual gradient; twenty in a row are too many.
    public static DivergenceGuard generous() {
        return new DivergenceGuard(100, 10, 20);
    }

    /// What a guard remembers: it belongs to a run's state.
    ///
    /// @param losses of the last steps that counted, the oldest first
    /// @param norms of their gradients
    /// @param inARow how many steps were left out since
    public record Memory(float[] losses, float[] norms, int inARow) {

        /// Of no step.
        public static final Memory EMPTY = new Memory(new float[0], new float[0], 0);

        /// After a step that was left out.
        Memory afterSkip() {
            return new Memory(losses, norms, inARow + 1);
        }
    }

    /// The memory after a step that counted.
    Memory after(Memory memory, float loss, float norm) {
        return new Memory(appended(memory.losses, loss), appended(memory.norms, norm), 0);
    }

    private float[] appended(float[] values, float value) {
        int kept = Math.min(values.length, Math.max(0, window - 1));
        float[] more =
                Arrays.copyOfRange(values, values.length - kept, values.length - kept + Math.min(window, kept + 1));
        if (more.length > 0) {
            more[more.length - 1] = value;
        }
        return more;
    }

    /// What is wrong with a step, in half a sentence; empty if nothing is.
    Optional<String> objection(Memory memory, float loss, float norm) {
        return objection("the loss", memory.losses, loss, SMALLEST_OF_LOSS)
                .or(() -> objection("the gradient's length", memory.norms, norm, SMALLEST_OF_GRADIENT));
    }

    private Optional<String> objection(String what, float[] before, float value, double smallest) {
        if (!Float.isFinite(value)) {
            return Optional.of(what + " (" + value + ") is not finite");
        }
        if (window == 0 || before.length < window) {
            return Optional.empty();
        }
        double mean = 0;
        for (float each : before) {
            mean += each / before.length;
        }
        double variance = 0;
        for (float each : before) {
            variance += (each - mean) * (each - mean) / before.length;
        }
        double deviation = Math.max(Math.sqrt(variance), smallest * Math.abs(mean));
        if (value - mean <= threshold * deviation) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "%s (%.3g) lies %.1f deviations above the mean (%.3g) of the last %d steps",
                what,
                value,
                (value - mean) / deviation,
                mean,
                before.length));
    }
}
