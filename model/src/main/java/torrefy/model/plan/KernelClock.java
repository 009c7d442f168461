package torrefy.model.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import torrefy.core.backend.Backend;

/// Measures kernel calls in turns.
///
/// A round makes each call once, in the order in which a step makes them: between two runs of one all the others have
/// been through the caches, as in training, and a machine that is slow for a moment is slow for all. Of a call's runs
/// the lower quartile counts, and of the rounds the later half: in the first the compiler is still at work. Of few runs
/// the shortest counts. A call too large to be repeated is measured with fewer rows and taken to grow in proportion.
public final class KernelClock {

    /// The most work that a single run may be.
    private static final double LARGEST_FLOPS = 4e9;

    private static final double LARGEST_BYTES = 128e6;

    /// What a run's arrays may take of the heap at most.
    private static final double LARGEST_HEAP_SHARE = 0.1;

    /// Enough to guess from, and little for code that is not compiled yet.
    private static final double GLANCE_FLOPS = 1e6;

    private static final double GLANCE_BYTES = 1e5;

    /// How many times more rows a call is made with at a time.
    private static final double GROWTH = 8;

    /// How many times shorter than in proportion a larger call is believed to be at most.
    private static final double MOST_CONSTANT = 4;

    /// The lower quartile counts: what disturbs a run only ever makes it longer.
    private static final double COUNTED = 0.25;

    private static final int FEW_RUNS = 8;

    private final Replay replay;
    private final Map<KernelCall, Sample> samples = new LinkedHashMap<>();
    private int rounds;

    private KernelClock(Backend backend) {
        this.replay = new Replay(backend);
    }

    /// For all calls of these steps, however long a round takes.
    public KernelClock(Backend backend, Collection<RecordedStep> steps) {
        this(backend);
        KernelCall.distinct(steps).forEach(call -> samples.put(call, new Sample(standard(call), false)));
    }

    /// One that makes its calls with very few rows.
    static KernelClock glance(Backend backend, Collection<KernelCall> calls) {
        KernelClock clock = new KernelClock(backend);
        for (KernelCall call : calls) {
            KernelCall few = cut(call, GLANCE_FLOPS, GLANCE_BYTES);
            clock.samples.put(call, new Sample(few, few.work() < standard(call).work()));
        }
        return clock;
    }

    /// Makes the calls with more rows from now on, as far as a round then takes about `roundSeconds` at most: of those
    /// that would take the longest there are fewer.
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
    public void round() {
        round(Long.MAX_VALUE);
    }

    /// Makes each call once, unless time runs out.
    ///
    /// @param end of time, on the clock of [System#nanoTime]
    /// @return whether it did not
    boolean round(long end) {
        for (Sample sample : samples.values()) {
            if (System.nanoTime() > end) {
                return false;
            }
            sample.run(replay);
        }
        rounds++;
        return true;
    }

    public int rounds() {
        return rounds;
    }

    /// What is known after the rounds so far, at least one.
    public KernelTimes times() {
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
            typical += sample.seconds(0.5);
            counted += sample.seconds(COUNTED);
        }
        return typical / counted;
    }

    /// What counts of these runs.
    static double counted(List<Double> runs) {
        return later(runs, COUNTED);
    }

    /// Of the later half of `runs`, the one that `share` of them are not longer than; of few, the shortest.
    private static double later(List<Double> runs, double share) {
        if (runs.size() < FEW_RUNS) {
            return Collections.min(runs);
        }
        List<Double> sorted =
                runs.subList(runs.size() / 2, runs.size()).stream().sorted().toList();
        return sorted.get((int) ((sorted.size() - 1) * share));
    }

    /// A call as it is made to measure another one with more rows.
    private static final class Sample {

        private final KernelCall call;
        private final boolean isRough;
        private final List<Double> runs = new ArrayList<>();

        /// Of the shortest run, what prepares its arrays included.
        private double wallSeconds = Double.MAX_VALUE;

        /// What is known if it never runs; null for nothing.
        private Sample before;

        Sample(KernelCall call, boolean isRough) {
            this.call = call;
            this.isRough = isRough;
        }

        void run(Replay replay) {
            long start = System.nanoTime();
            runs.add(replay.seconds(call));
            wallSeconds = Math.min(wallSeconds, (System.nanoTime() - start) / 1e9);
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

        /// The next sample: `wanted`, or as many of its rows as take `longest` seconds, and not too many more at once,
        /// because what few rows take says little about very many. This one, if it is as large.
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

        KernelTimes.Time time(KernelCall whole) {
            return runs.isEmpty()
                    ? before.time(whole)
                    : new KernelTimes.Time(counted(runs) * whole.work() / call.work(), isRough);
        }

        double seconds(double share) {
            return runs.isEmpty() ? before.seconds(share) : later(runs, share);
        }
    }
}
