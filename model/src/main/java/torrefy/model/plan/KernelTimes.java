package torrefy.model.plan;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import torrefy.core.backend.Backend;

/// How long this machine takes for each kernel call of a step, at its sizes: measured by a [KernelClock].
public final class KernelTimes {

    private static final int FEWEST_ROUNDS = 2;

    private final Map<KernelCall, Double> seconds;
    private final double unrest;

    /// @param unrest as [#unrest] says it
    KernelTimes(Map<KernelCall, Double> seconds, double unrest) {
        this.seconds = Map.copyOf(seconds);
        this.unrest = unrest;
    }

    /// Measures all calls of `steps` for about `budget`, at least twice each.
    public static KernelTimes measure(Backend backend, Collection<RecordedStep> steps, Duration budget) {
        KernelClock clock = new KernelClock(backend, steps);
        long end = System.nanoTime() + budget.toNanos();
        while (clock.rounds() < FEWEST_ROUNDS || System.nanoTime() < end) {
            clock.round();
        }
        return clock.times();
    }

    /// Of one call.
    ///
    /// @throws IllegalArgumentException if it was not measured
    public double seconds(KernelCall call) {
        Double known = seconds.get(call);
        if (known == null) {
            throw new IllegalArgumentException("this call was not measured: " + call);
        }
        return known;
    }

    /// How many times longer typical runs took than those that count: 1 on a machine that does nothing else. From about
    /// 1.2 on, training will take longer than these times say, as long as the machine has other work, too.
    public double unrest() {
        return unrest;
    }
}
