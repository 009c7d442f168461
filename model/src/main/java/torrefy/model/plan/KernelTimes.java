package torrefy.model.plan;

import java.util.Map;

/// How long this machine takes for each kernel call of a step, at its sizes: measured by a [KernelClock].
public final class KernelTimes {

    /// Of one call.
    ///
    /// @param seconds that it takes
    /// @param isRough whether there was no time to measure it at its size, or often enough
    record Time(double seconds, boolean isRough) {}

    private final Map<KernelCall, Time> times;
    private final double unrest;
    private final double stretch;

    /// @param unrest as [#unrest] says it
    /// @param stretch how many times longer calls take in a step than alone: [StepTrial]
    KernelTimes(Map<KernelCall, Time> times, double unrest, double stretch) {
        this.times = Map.copyOf(times);
        this.unrest = unrest;
        this.stretch = stretch;
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

    /// How many calls there was too little time to measure at their sizes, or often enough.
    public long rough() {
        return times.values().stream().filter(Time::isRough).count();
    }

    /// How many times longer typical runs took than those that count: 1 on a machine that does nothing else. From about
    /// 1.2 on, training will take longer than these times say, as long as the machine has other work, too.
    public double unrest() {
        return unrest;
    }
}
