package torrefy.model.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import torrefy.core.backend.Backend;

/// Measures kernel calls in turns.
///
/// A round makes each call once, in the order in which a step makes them: between two runs of one all the others have
/// been through the caches, as in training, and a machine that is slow for a moment is slow for all. Of a call's runs
/// the lower quartile counts, and of the rounds the later half: in the first the compiler is still at work. A call too
/// large to be repeated is measured with fewer rows and taken to grow in proportion.
public final class KernelClock {

    /// The most work that a single run may be.
    private static final double LARGEST_FLOPS = 4e9;

    private static final double LARGEST_BYTES = 128e6;

    /// The lower quartile counts: what disturbs a run only ever makes it longer.
    private static final double COUNTED = 0.25;

    /// A call as it is measured, and the seconds of its runs so far.
    private record Measured(KernelCall small, List<Double> runs) {}

    private final Replay replay;
    private final Map<KernelCall, Measured> calls = new LinkedHashMap<>();
    private int rounds;

    /// For all calls of these steps.
    public KernelClock(Backend backend, Collection<RecordedStep> steps) {
        this.replay = new Replay(backend);
        for (RecordedStep step : steps) {
            step.calls()
                    .keySet()
                    .forEach(call -> calls.computeIfAbsent(call, key -> new Measured(small(call), new ArrayList<>())));
        }
    }

    private static KernelCall small(KernelCall call) {
        double share = Math.min(LARGEST_FLOPS / call.flops(), LARGEST_BYTES / call.bytes());
        return share < 1 ? call.cut(share) : call;
    }

    /// Makes each call once.
    public void round() {
        calls.values().forEach(call -> call.runs.add(replay.seconds(call.small)));
        rounds++;
    }

    public int rounds() {
        return rounds;
    }

    /// What is known after the rounds so far, at least one.
    public KernelTimes times() {
        Map<KernelCall, Double> seconds = new LinkedHashMap<>();
        calls.forEach(
                (call, measured) -> seconds.put(call, counted(measured.runs) * call.work() / measured.small.work()));
        return new KernelTimes(seconds, unrest());
    }

    /// How many times longer than its counted runs a call's typical ones took, over all calls: 1 on a machine that does
    /// nothing else.
    private double unrest() {
        double typical = 0;
        double counted = 0;
        for (Measured call : calls.values()) {
            typical += later(call.runs, 0.5);
            counted += counted(call.runs);
        }
        return typical / counted;
    }

    /// What counts of these runs.
    static double counted(List<Double> runs) {
        return later(runs, COUNTED);
    }

    /// Of the later half of `runs`, the one that `share` of them are not longer than.
    private static double later(List<Double> runs, double share) {
        List<Double> sorted =
                runs.subList(runs.size() / 2, runs.size()).stream().sorted().toList();
        return sorted.get((int) ((sorted.size() - 1) * share));
    }
}
