package torrefy.model.plan;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import torrefy.core.backend.Backend;

/// Measures kernel calls in turns.
///
/// A round makes each call once, in the order in which a step makes them: between two runs of one all the others have
/// been through the caches, as in training, and a machine that is slow for a moment is slow for all. Of a call's runs
/// what [Runs#counted] says counts. A call too large to be repeated is measured [smaller][KernelCall#cut] and
/// taken to grow in proportion.
final class KernelClock {

    /// The most work that a single run may be.
    private static final double LARGEST_FLOPS = 4e9;

    private static final double LARGEST_BYTES = 128e6;

    /// What a run's arrays may take of the heap at most.
    private static final double LARGEST_HEAP_SHARE = 0.1;

    /// Enough to guess from, and little for code that is not compiled yet.
    private static final double GLANCE_FLOPS = 1e6;

    private static final double GLANCE_BYTES = 1e5;

    /// How many times larger a call is made at a time.
    private static final double GROWTH = 8;

    /// How many times shorter than in proportion a larger call is believed to be at most.
    private static final double MOST_CONSTANT = 4;

    /// Fewer are the compiler's.
    private static final int ENOUGH_RUNS = 6;

    private final Replay replay;
    private final CompilerWatch compiler = new CompilerWatch();
    private final Map<KernelCall, Sample> samples = new LinkedHashMap<>();
    private final Set<KernelCall> wanted = new HashSet<>();
    private boolean wasQuiet;
    private int rounds;

    /// For no calls yet.
    KernelClock(Backend backend) {
        this.replay = new Replay(backend);
    }

    /// For all calls of this step, however long a round takes.
    KernelClock(Backend backend, RecordedStep step) {
        this(backend);
        exactly(step.calls().keySet());
    }

    /// From now on makes these calls, too, as they are.
    void exactly(Collection<KernelCall> calls) {
        for (KernelCall call : calls) {
            Sample known = samples.get(call);
            if (known == null || known.isRough) {
                samples.put(call, new Sample(standard(call), false));
            }
        }
    }

    /// From now on makes these calls, too, very small.
    void roughly(Collection<KernelCall> calls) {
        for (KernelCall call : calls) {
            KernelCall few = cut(call, GLANCE_FLOPS, GLANCE_BYTES);
            Sample glance = new Sample(few, few.work() < standard(call).work());
            if (samples.putIfAbsent(call, glance) == null) {
                wanted.add(call);
            }
        }
    }

    /// Makes these calls no longer, unless they were wanted [#roughly].
    void forget(Collection<KernelCall> calls) {
        samples.keySet().removeIf(call -> calls.contains(call) && !wanted.contains(call));
    }

    /// Makes the calls larger from now on, as far as a round then takes about `roundSeconds` at most: those that would
    /// take the longest stay smaller.
    void grow(double roundSeconds) {
        double longest = longestRun(
                samples.entrySet().stream()
                        .mapToDouble(entry -> entry.getValue().wallSeconds(standard(entry.getKey())))
                        .sorted()
                        .toArray(),
                roundSeconds);
        samples.replaceAll((call, sample) -> sample.larger(standard(call), longest));
    }

    private static KernelCall standard(KernelCall call) {
        double heap = LARGEST_HEAP_SHARE * Runtime.getRuntime().maxMemory();
        return cut(call, LARGEST_FLOPS, Math.min(LARGEST_BYTES, heap));
    }

    private static KernelCall cut(KernelCall call, double mostFlops, double mostBytes) {
        double share = Math.min(mostFlops / call.flops(), mostBytes / call.bytes());
        return share < 1 ? call.cut(share) : call;
    }

    /// How long a run may be so that all of them together take `total`: the longer ones are cut to this.
    ///
    /// @param seconds ascending
    private static double longestRun(double[] seconds, double total) {
        double left = total;
        for (int i = 0; i < seconds.length; i++) {
            double share = left / (seconds.length - i);
            if (seconds[i] > share) {
                return share;
            }
            left -= seconds[i];
        }
        return Double.MAX_VALUE;
    }

    /// Makes each call once.
    void round() {
        round(Long.MAX_VALUE);
    }

    /// Makes each call once, unless time runs out.
    ///
    /// @param end of time, on the clock of [System#nanoTime]
    /// @return whether it did not
    boolean round(long end) {
        Map<Sample, Double> seconds = new LinkedHashMap<>();
        for (Sample sample : samples.values()) {
            if (System.nanoTime() > end) {
                break;
            }
            seconds.put(sample, sample.run(replay));
        }
        wasQuiet = compiler.wasQuiet();
        seconds.forEach((sample, taken) -> sample.runs.add(taken, wasQuiet));
        boolean isWhole = seconds.size() == samples.size();
        rounds += isWhole ? 1 : 0;
        return isWhole;
    }

    int rounds() {
        return rounds;
    }

    /// Whether there is a call of which no more than a glance is known.
    boolean hasGlances() {
        return samples.values().stream().anyMatch(Sample::isGlance);
    }

    /// Whether the compiler had next to nothing to do in the last round, and since the one before it.
    boolean wasQuiet() {
        return wasQuiet;
    }

    /// What the kernels of `step` took in the last round, which was a whole one.
    ///
    /// @param step whose calls are all made as they are
    double lastSeconds(RecordedStep step) {
        return step.calls().entrySet().stream()
                .mapToDouble(
                        entry -> entry.getValue() * samples.get(entry.getKey()).lastSeconds(entry.getKey()))
                .sum();
    }

    /// What is known after the rounds so far, at least one.
    KernelTimes times() {
        Map<KernelCall, KernelTimes.Time> times = new LinkedHashMap<>();
        samples.forEach((call, sample) -> times.put(call, sample.time(call)));
        return new KernelTimes(times, unrest(), 1);
    }

    /// How many times longer than its counted runs a call's typical ones took, over all calls: 1 on a machine that does
    /// nothing else.
    private double unrest() {
        double typical = 0;
        double counted = 0;
        for (Sample sample : samples.values()) {
            typical += sample.known().runs.typical();
            counted += sample.known().runs.counted();
        }
        return typical / counted;
    }

    /// A call as it is made to measure a larger one.
    private static final class Sample {

        private final KernelCall call;
        private final boolean isRough;
        private final Runs runs = new Runs();

        /// Of the shortest run, what prepares its arrays included.
        private double wallSeconds = Double.MAX_VALUE;

        /// What is known if it never runs; null for nothing.
        private Sample before;

        Sample(KernelCall call, boolean isRough) {
            this.call = call;
            this.isRough = isRough;
        }

        double run(Replay replay) {
            long start = System.nanoTime();
            double seconds = replay.seconds(call);
            wallSeconds = Math.min(wallSeconds, (System.nanoTime() - start) / 1e9);
            return seconds;
        }

        /// What a run of `other` would take, with its preparation: in proportion, unless a smaller sample showed that
        /// much of it does not grow with the work, as waking up threads on a busy machine.
        double wallSeconds(KernelCall other) {
            double proportion = wallSeconds * other.work() / call.work();
            if (before == null) {
                return proportion;
            }
            double slope = (wallSeconds - before.wallSeconds) / (call.work() - before.call.work());
            double line = wallSeconds + slope * (other.work() - call.work());
            return Math.clamp(line, proportion / MOST_CONSTANT, proportion);
        }

        /// The next sample: `wanted`, or as much of it as takes `longest` seconds, and not too much more at once,
        /// because what little takes says little about very much. This one, if it is as large.
        Sample larger(KernelCall wanted, double longest) {
            double share = Math.min(longest / wallSeconds(wanted), GROWTH * call.work() / wanted.work());
            KernelCall cut = share < 1 ? wanted.cut(share) : wanted;
            if (cut.work() <= call.work()) {
                return this;
            }
            Sample next = new Sample(cut, share < 1);
            next.before = this;
            return next;
        }

        /// What little takes in a process that is fresh says next to nothing: it has to grow twice.
        boolean isGlance() {
            return isRough && (before == null || before.before == null);
        }

        /// This one, or if it never ran, the one before it that did.
        private Sample known() {
            return runs.size() == 0 && before != null ? before.known() : this;
        }

        KernelTimes.Time time(KernelCall whole) {
            Sample known = known();
            return new KernelTimes.Time(
                    known.runs.counted() * whole.work() / known.call.work(), isRough || runs.size() < ENOUGH_RUNS);
        }

        double lastSeconds(KernelCall whole) {
            return runs.last() * whole.work() / call.work();
        }
    }
}
