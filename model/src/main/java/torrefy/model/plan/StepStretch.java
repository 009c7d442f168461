package torrefy.model.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import torrefy.core.backend.Backend;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.training.RunLength;
import torrefy.model.training.StepReport;

/// How many times longer kernels take inside a step than alone. A call that is timed again and again finds its operands
/// in the caches and its threads awake; in a step it comes after others. (A device that works while it is given more to
/// do may be faster inside: its steps are forecast as if it waited.)
///
/// A small model is trained for real, and after each step its kernels are timed alone: a machine that is slow for a
/// while is slow for both. What counts of the steps is [what counts][KernelClock#counted] of the calls.
///
/// @param factor `(step − graph) / Σ count·seconds alone`, between [#LEAST] and [#MOST]
/// @param isRough whether there was time for a guess only, or too much else going on
record StepStretch(double factor, boolean isRough) {

    /// From small to large, about ten times as much work each: the largest that there is time for is what counts.
    private static final List<StepSetup> LADDER = List.of(
            StepSetup.of(TransformerConfig.gpt2(256, 32, 1, 1, 16), 1),
            StepSetup.of(TransformerConfig.gpt2(512, 64, 2, 1, 64), 2),
            StepSetup.of(TransformerConfig.gpt2(2048, 128, 2, 2, 128), 4),
            StepSetup.of(TransformerConfig.gpt2(4096, 256, 4, 4, 256), 4));

    /// Less was seen where the compiler was not yet done with what times the kernels.
    private static final double LEAST = 1;

    /// Over models of 0.4 to 21 million parameters it was 1.08 to 1.24; more than this is other work.
    private static final double MOST = 2;

    /// The first ones are the compiler's.
    private static final int FEWEST_STEPS = 2;

    private static final int ENOUGH_STEPS = 12;

    /// Of the heap, for the largest of these models.
    private static final int HEAP_SHARE = 3;

    /// One in so many parts of the time is enough for a step's graph.
    private static final int GRAPH_SHARE = 20;

    /// Measures for about `budget`, and longer if two steps of the smallest model take longer.
    static StepStretch measure(Backend backend, Duration budget) {
        long end = System.nanoTime() + budget.toNanos();
        Pairs pairs = null;
        for (int rung = 0; pairs == null || !pairs.isDone; rung++) {
            StepSetup setup = LADDER.get(rung);
            RecordedStep step = RecordedStep.of(setup, budget.dividedBy(GRAPH_SHARE));
            pairs = new Pairs(backend, setup, step, end, toNext(rung, step));
            pairs.train();
        }
        return pairs.stretch();
    }

    /// How many times the work of this rung the next one is; endless if there is none that fits into memory.
    private static double toNext(int rung, RecordedStep step) {
        if (rung + 1 == LADDER.size()) {
            return Double.POSITIVE_INFINITY;
        }
        StepSetup next = LADDER.get(rung + 1);
        return next.memory().bytes() > Runtime.getRuntime().maxMemory() / HEAP_SHARE
                ? Double.POSITIVE_INFINITY
                : next.config().flopsPerToken() * next.tokens() / step.flops();
    }

    /// Steps, and a round of their kernels after each.
    private static final class Pairs {

        private final RecordedStep step;
        private final KernelClock clock;
        private final long end;
        private final double toNext;
        private final TrialRun run;
        private final List<Double> steps = new ArrayList<>();
        private double fastest = Double.MAX_VALUE;
        private long last = System.nanoTime();
        private boolean isDone;

        Pairs(Backend backend, StepSetup setup, RecordedStep step, long end, double toNext) {
            this.step = step;
            this.clock = new KernelClock(backend, List.of(step));
            this.end = end;
            this.toNext = toNext;
            this.run = new TrialRun(setup, backend, RunLength.steps(Integer.MAX_VALUE));
        }

        void train() {
            run.train(this::pair);
        }

        private void pair(StepReport report) {
            clock.round();
            steps.add(report.stepTime().toNanos() / 1e9);
            long now = System.nanoTime();
            fastest = Math.min(fastest, (now - last) / 1e9);
            last = now;
            boolean isTimeForNext = ENOUGH_STEPS * toNext * fastest < (end - now) / 1e9;
            isDone = !isTimeForNext && now > end;
            if (steps.size() >= FEWEST_STEPS && (isDone || isTimeForNext)) {
                run.stop();
            }
        }

        StepStretch stretch() {
            double alone = StepCost.of(step, clock.times()).kernelSeconds();
            double inside = Math.max(0, KernelClock.counted(steps) - step.graphSeconds());
            double factor = inside / alone;
            double credible = Math.clamp(factor, LEAST, MOST);
            return new StepStretch(credible, steps.size() < ENOUGH_STEPS || factor != credible);
        }
    }
}
