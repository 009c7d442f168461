package torrefy.model.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import torrefy.core.backend.Backend;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.training.RunLength;
import torrefy.model.training.StepReport;

/// Tries a step: as much of it as there is time for is trained for real, one block of the model at first, and after
/// each step kernels are timed alone. So a machine that is slow for a while is slow for both, and it is known how
/// many times longer kernels take inside a step than alone. A call that is timed again and again finds its operands
/// in the caches and its threads awake; in a step it comes after others. (A device that works while it is given more
/// to do may be faster inside: its steps are forecast as if it waited.)
///
/// A step that is small enough is trained as it is, and its forecast then is what it took.
///
/// @param stretch of the largest part that there was time for, the typical `(step − graph) / Σ count·seconds alone`
/// @param times of the kernels that were wanted, and of those of that part
/// @param isRough whether there was time for a guess only, or too much else going on
record StepTrial(double stretch, KernelTimes times, boolean isRough) {

    /// For a fresh JVM, and for steps of which every part is too large.
    private static final List<StepSetup> SMALL = List.of(
            StepSetup.of(TransformerConfig.gpt2(256, 32, 1, 1, 16), 1),
            StepSetup.of(TransformerConfig.gpt2(512, 64, 2, 1, 64), 2),
            StepSetup.of(TransformerConfig.gpt2(2048, 128, 2, 2, 128), 4),
            StepSetup.of(TransformerConfig.gpt2(4096, 256, 4, 4, 256), 4));

    /// Of a step's part, at first; fewer would be multiplied in another way.
    private static final int FEWEST_TOKENS = 32;

    private static final int GROWTH = 8;

    /// Of a step's part, the vocabulary in widths: its head then has a third of a block's weights.
    private static final int SMALL_HEAD = 4;

    /// In a second of the budget, the FLOPs of the first part: a fresh JVM does few.
    private static final double FIRST_FLOPS = 1e9;

    /// Outside of these it was not the step that was measured.
    private static final double LEAST = 0.8;

    private static final double MOST = 2;

    private static final int FEWEST_STEPS = 2;

    private static final int ENOUGH_STEPS = 6;

    /// What a step with a round of its kernels takes, in steps.
    private static final double PAIR = 1.7;

    /// Of the heap, for what is trained.
    private static final int HEAP_SHARE = 3;

    /// One in so many parts of the time is enough for a step's graph.
    private static final int GRAPH_SHARE = 20;

    /// Until then kernels that are wanted, and no part of the step, are made very small, if the compiler is at work.
    private static final double GLANCING_UNTIL = 0.5;

    /// From here on the same calls are made again and again.
    private static final double GROWING_UNTIL = 0.8;

    /// How many times longer than asked it may take, where the machine has so much else to do that little is known.
    private static final int OVERTIME = 3;

    /// Of the time that is left, for a round of kernels, so that there are several.
    private static final double ROUND_SHARE = 0.1;

    /// Tries for about `budget`; longer if two steps of the smallest model take longer, or if there are kernels that
    /// were only glanced at by then.
    ///
    /// @param wanted calls to be timed, too
    static StepTrial of(Backend backend, StepSetup target, Collection<KernelCall> wanted, Duration budget) {
        KernelClock clock = new KernelClock(backend);
        clock.roughly(wanted);
        long start = System.nanoTime();
        List<StepSetup> parts = parts(target).filter(StepTrial::fits).toList();
        double mostFlops = FIRST_FLOPS * budget.toNanos() / 1e9;
        boolean isTooLarge = parts.isEmpty() || flops(parts.getFirst()) > mostFlops;
        List<StepSetup> rungs = isTooLarge
                ? SMALL.stream()
                        .filter(small -> small == SMALL.getFirst() || fits(small))
                        .toList()
                : Stream.concat(Stream.of(SMALL.getFirst()), parts.stream()).toList();
        Pairs pairs = null;
        for (int rung = 0; pairs == null || !pairs.isDone; rung++) {
            StepSetup next = rung + 1 < rungs.size() ? rungs.get(rung + 1) : null;
            pairs = new Pairs(backend, clock, rungs.get(rung), next, start, budget.toNanos());
            pairs.train();
        }
        return pairs.result(budget.dividedBy(GRAPH_SHARE));
    }

    /// One block under a small head on more and more tokens, then all of the head, then all blocks on all tokens of a
    /// micro-batch. A large vocabulary on few tokens is another step: one that mostly waits for memory.
    private static Stream<StepSetup> parts(StepSetup target) {
        TransformerConfig headed = target.config().withLayers(1);
        int vocabulary = Math.min(headed.vocabulary(), SMALL_HEAD * headed.width());
        TransformerConfig block = headed.withVocabulary(vocabulary);
        int all = target.sequences() * target.length();
        return Stream.concat(
                        IntStream.iterate(FEWEST_TOKENS, tokens -> tokens < all, tokens ->
                                        (int) Math.min(all, (long) GROWTH * tokens))
                                .mapToObj(tokens -> part(target, block, tokens)),
                        Stream.of(block, headed, target.config()).map(config -> part(target, config, all)))
                .distinct();
    }

    private static StepSetup part(StepSetup target, TransformerConfig config, int tokens) {
        int length = Math.min(target.length(), tokens);
        return new StepSetup(config, target.storage(), tokens / length, 1, length, target.recompute());
    }

    private static boolean fits(StepSetup setup) {
        return setup.memory().bytes() < Runtime.getRuntime().maxMemory() / HEAP_SHARE;
    }

    private static double flops(StepSetup setup) {
        return setup.config().flopsPerToken() * setup.tokens();
    }

    /// Steps, and a round of kernels after each.
    private static final class Pairs {

        private final KernelClock clock;
        private final StepSetup setup;
        private final StepSetup next;
        private final long start;
        private final long budget;
        private final RecordedStep step;
        private final TrialRun run;
        private final List<Double> steps = new ArrayList<>();
        private final List<Double> kernels = new ArrayList<>();
        private final List<Boolean> quiet = new ArrayList<>();
        private double fastest = Double.MAX_VALUE;
        private boolean isDone;

        /// @param next what may be trained after this; null for nothing
        Pairs(Backend backend, KernelClock clock, StepSetup setup, StepSetup next, long start, long budget) {
            this.clock = clock;
            this.setup = setup;
            this.next = next;
            this.start = start;
            this.budget = budget;
            this.step = RecordedStep.of(setup, Duration.ZERO);
            clock.exactly(step.calls().keySet());
            this.run = new TrialRun(setup, backend, RunLength.steps(Integer.MAX_VALUE));
        }

        void train() {
            run.train(this::pair);
            if (!isDone) {
                clock.forget(step.calls().keySet());
            }
        }

        private void pair(StepReport report) {
            double seconds = report.stepTime().toNanos() / 1e9;
            fastest = Math.min(fastest, seconds);
            boolean isFirst = steps.size() < FEWEST_STEPS;
            if (clock.round(isFirst ? Long.MAX_VALUE : start + limit())) {
                steps.add(seconds);
                kernels.add(clock.lastSeconds(step));
                quiet.add(clock.wasQuiet());
            }
            long spent = System.nanoTime() - start;
            double left = (budget - spent) / 1e9;
            boolean isTimeForNext = next != null && isEnoughFor(left);
            isDone = !isTimeForNext && spent > limit();
            if (!isFirst && (isDone || isTimeForNext)) {
                run.stop();
                return;
            }
            boolean isLate = spent > GROWING_UNTIL * budget;
            boolean isGlancing = !clock.wasQuiet() && spent < GLANCING_UNTIL * budget;
            if (isLate ? clock.hasGlances() : !isGlancing) {
                clock.grow(ROUND_SHARE * ((isLate ? limit() : budget) - spent) / 1e9);
            }
        }

        /// In nanoseconds.
        private long limit() {
            return clock.hasGlances() ? OVERTIME * budget : budget;
        }

        /// What the smallest model takes says nothing about others.
        private boolean isEnoughFor(double left) {
            double ratio = flops(next) / flops(setup);
            return setup == SMALL.getFirst() ? left > 0 : ENOUGH_STEPS * PAIR * ratio * fastest < left;
        }

        StepTrial result(Duration forTheGraph) {
            double graph = RecordedStep.of(setup, forTheGraph).graphSeconds();
            Runs stretches = new Runs();
            for (int i = 0; i < steps.size(); i++) {
                stretches.add((steps.get(i) - graph) / kernels.get(i), quiet.get(i));
            }
            double credible = Math.clamp(stretches.typical(), LEAST, MOST);
            boolean isRough = steps.size() < ENOUGH_STEPS || credible != stretches.typical();
            return new StepTrial(credible, clock.times(), isRough);
        }
    }
}
