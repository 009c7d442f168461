package torrefy.model.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import torrefy.core.backend.Backend;
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

    /// Small, middling, and large enough to be bound by multiply-adds.
    private static final int[] WIDTHS = {64, 192, 512};

    private final List<Anchor> anchors;

    /// @param anchors ascending by size
    SpeedCurve(List<Anchor> anchors) {
        this.anchors = List.copyOf(anchors);
    }

    /// Measures three of these sizes.
    public static SpeedCurve measure(Backend backend, ModelSizes sizes, Duration budget) {
        List<Anchor> anchors = new ArrayList<>();
        for (int width : WIDTHS) {
            TransformerConfig config = sizes.ofWidth(width).orElseThrow();
            RecordedStep step = RecordedStep.of(StepSetup.of(config, ModelSizes.microBatch(config.context())));
            KernelTimes times = KernelTimes.measure(backend, List.of(step), budget.dividedBy(WIDTHS.length));
            anchors.add(new Anchor(
                    config.flopsPerToken(),
                    step.flops() / StepCost.of(step, times).seconds()));
        }
        return new SpeedCurve(anchors);
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
