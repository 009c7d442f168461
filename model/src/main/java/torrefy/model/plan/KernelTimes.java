package torrefy.model.plan;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import torrefy.core.backend.Backend;

/// How long this machine takes for each kernel call of a step, at its sizes: measured by a [KernelClock].
public final class KernelTimes {

    private static final int FEWEST_ROUNDS = 2;

    /// Of the time there is: for calls with few rows, until the compiler has seen them.
    private static final double GLANCE_SHARE = 0.15;

    /// Of the time that is left: for a round, so that there are several.
    private static final double ROUND_SHARE = 0.2;

    /// Of the time there is: from here on the same calls are made again and again.
    private static final double GROWING_UNTIL = 0.15;

    /// Of one call.
    ///
    /// @param seconds that it takes
    /// @param isRough whether there was no time to measure it at its size
    record Time(double seconds, boolean isRough) {}

    private final Map<KernelCall, Time> times;
    private final double unrest;
    private final double stretch;

    /// @param unrest as [#unrest] says it
    /// @param stretch how many times longer calls take in a step than alone: [StepStretch]
    KernelTimes(Map<KernelCall, Time> times, double unrest, double stretch) {
        this.times = Map.copyOf(times);
        this.unrest = unrest;
        this.stretch = stretch;
    }

    /// Measures all calls of `steps` for about `budget`: as [#ofCalls].
    static KernelTimes measure(Backend backend, Collection<RecordedStep> steps, Duration budget) {
        return ofCalls(backend, KernelCall.distinct(steps), budget);
    }

    /// Measures `calls` for about `budget`. Each is first made with few rows, then with more and more, as far as there
    /// is time for it; those that there is not remain rough. In a step they are taken to be as they are alone.
    static KernelTimes ofCalls(Backend backend, List<KernelCall> calls, Duration budget) {
        long start = System.nanoTime();
        long end = start + budget.toNanos();
        KernelClock clock = KernelClock.glance(backend, calls);
        while (clock.rounds() < FEWEST_ROUNDS || System.nanoTime() < start + GLANCE_SHARE * budget.toNanos()) {
            clock.round();
        }
        boolean inTime = true;
        while (inTime && System.nanoTime() < end) {
            double left = (end - System.nanoTime()) / 1e9;
            if (left > GROWING_UNTIL * budget.toNanos() / 1e9) {
                clock.grow(ROUND_SHARE * left);
            }
            inTime = clock.round(end);
        }
        return clock.times();
    }

    /// The same times, in a step that stretches them.
    KernelTimes inStep(double by) {
        return new KernelTimes(times, unrest, by);
    }

    /// Of one call in a step.
    ///
    /// @throws IllegalArgumentException if it was not measured
    public double secondsInStep(KernelCall call) {
        return stretch * seconds(call);
    }

    /// Of one call alone.
    private double seconds(KernelCall call) {
        Time known = times.get(call);
        if (known == null) {
            throw new IllegalArgumentException("this call was not measured: " + call);
        }
        return known.seconds;
    }

    /// Of all calls.
    Map<KernelCall, Time> all() {
        return times;
    }

    /// How many calls there was too little time to measure at their sizes.
    public long rough() {
        return times.values().stream().filter(Time::isRough).count();
    }

    /// How many times longer typical runs took than those that count: 1 on a machine that does nothing else. From about
    /// 1.2 on, training will take longer than these times say, as long as the machine has other work, too.
    public double unrest() {
        return unrest;
    }
}
