package torrefy.model.plan;

import java.util.ArrayList;
import java.util.List;
import torrefy.model.architecture.TransformerConfig;

/// How many FLOP/s training reaches on this machine, as a function of how many FLOPs a token takes: measured at a few
/// sizes, and between them a straight line of the logarithms. Small models are bound by memory and by the number of
/// kernels, large ones by multiply-adds. Beyond the last size the rate stays what it is there.
public final class SpeedCurve {

    /// A size that was measured.
    ///
    /// @param flopsPerToken of the model
    /// @param flopRate FLOP/s that its steps reach
    public record Anchor(double flopsPerToken, double flopRate) {}

    /// Small, and large enough to be bound by multiply-adds.
    private static final int[] WIDTHS = {64, 256};

    /// Of the time: in a fresh JVM the compiler gets to work at the first.
    private static final double[] SHARES = {0.6, 0.4};

    /// Enough for multiply-adds to be what counts.
    private static final int STEP_TOKENS = 2048;

    private final List<Anchor> anchors;
    private final boolean isRough;

    /// @param anchors ascending by size
    /// @param isRough whether there was too little time to measure them
    SpeedCurve(List<Anchor> anchors, boolean isRough) {
        this.anchors = List.copyOf(anchors);
        this.isRough = isRough;
    }

    /// Measures two of these sizes.
    ///
    /// @param share of the calibration's budget to spend on it
    public static SpeedCurve measure(Calibration calibration, ModelSizes sizes, double share) {
        List<Anchor> anchors = new ArrayList<>();
        boolean isRough = false;
        for (int i = 0; i < WIDTHS.length; i++) {
            TransformerConfig config = sizes.ofWidth(WIDTHS[i]).orElseThrow();
            RecordedStep step = calibration.recorded(StepSetup.of(config, Math.max(1, STEP_TOKENS / config.context())));
            KernelTimes times = calibration.times(step, share * SHARES[i]);
            double seconds = StepCost.of(step, times).seconds();
            anchors.add(new Anchor(config.flopsPerToken(), step.flops() / seconds));
            isRough |= 2 * times.rough() > times.all().size();
        }
        return new SpeedCurve(anchors, isRough);
    }

    /// Whether most of what this stands on could be measured only roughly: a fresh JVM is slow at first, and the rates
    /// may be many times too low.
    public boolean isRough() {
        return isRough;
    }

    /// Tokens a second of a model that takes `flopsPerToken`.
    public double tokensPerSecond(double flopsPerToken) {
        return flopRate(flopsPerToken) / flopsPerToken;
    }

    private double flopRate(double flopsPerToken) {
        Anchor before = anchors.getFirst();
        for (Anchor after : anchors) {
            if (after.flopsPerToken >= flopsPerToken) {
                return before == after ? before.flopRate : between(before, after, flopsPerToken);
            }
            before = after;
        }
        return before.flopRate;
    }

    private static double between(Anchor before, Anchor after, double flopsPerToken) {
        double share =
                Math.log(flopsPerToken / before.flopsPerToken) / Math.log(after.flopsPerToken / before.flopsPerToken);
        return Math.exp((1 - share) * Math.log(before.flopRate) + share * Math.log(after.flopRate));
    }
}
