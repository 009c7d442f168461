package torrefy.model.plan;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.OptionalLong;
import torrefy.core.backend.Backend;
import torrefy.model.training.ProcessMemory;
import torrefy.model.training.RunLength;
import torrefy.model.training.StepReport;
import torrefy.model.training.TrainingListener;

/// Training for real, on random tokens, to see whether a forecast was true.
///
/// @param steps how many
/// @param stepSeconds of a step: [Runs#counted]
/// @param besideSeconds of a step according to its kernels, timed anew now and then between the steps: what the
///     forecast would have been at that time. If this is near `stepSeconds` and the forecast is not, the machine has
///     changed, not the sum failed
/// @param processorSeconds of a step, of all processors together: on a machine with other work, less than its seconds
///     times its threads
/// @param heapBytes that training keeps in the Java heap: weights, gradients, moments and activations, unless a device
///     has them
/// @param residentBefore the most that the process had held before, as it measured kernels; empty where the system does
///     not tell
/// @param residentBytes the most that the process held
public record Verification(
        int steps,
        double stepSeconds,
        double besideSeconds,
        double processorSeconds,
        long heapBytes,
        OptionalLong residentBefore,
        OptionalLong residentBytes) {

    /// Of the time, for steps alone: then it is seen how much memory they take.
    private static final double ALONE_SHARE = 0.15;

    /// Of the time after that, for the clock, in rounds between the steps.
    private static final double CLOCK_SHARE = 0.25;

    /// Trains for `length`, pauses for the clock not counted.
    ///
    /// @param stretch by which the forecast took kernels to be longer in a step: [Calibration#stretch]
    public static Verification run(
            StepSetup setup, RecordedStep step, Backend backend, double stretch, Duration length) {
        // What measured before is garbage now; its room is the model's.
        long heapBefore = ProcessMemory.liveHeap();
        OptionalLong residentBefore = ProcessMemory.peak();
        long end = System.nanoTime() + (long) (length.toNanos() * (1 + CLOCK_SHARE));
        TrialRun run = new TrialRun(setup, backend, RunLength.until(end));
        Turns turns = new Turns(new KernelClock(backend, step), end);
        run.train(turns);
        return new Verification(
                turns.steps.size(),
                turns.steps.counted(),
                StepCost.of(step, turns.clock.times().inStep(stretch)).seconds(),
                turns.processors.counted(),
                turns.heap - heapBefore,
                residentBefore,
                turns.resident);
    }

    /// Times the steps, and now and then their kernels.
    private static final class Turns implements TrainingListener {

        private final KernelClock clock;
        private final long aloneUntil;
        private final CompilerWatch compiler = new CompilerWatch();
        private final Runs steps = new Runs();
        private final Runs processors = new Runs();
        private long processorNanos = processorNanos();
        private OptionalLong resident = OptionalLong.empty();
        private long heap;
        private long clockNanos;

        Turns(KernelClock clock, long end) {
            this.clock = clock;
            long start = System.nanoTime();
            this.aloneUntil = start + (long) (ALONE_SHARE * (end - start));
        }

        @Override
        public void onStep(StepReport report) {
            boolean isQuiet = compiler.wasQuiet();
            steps.add(report.stepTime().toNanos() / 1e9, isQuiet);
            processors.add((processorNanos() - processorNanos) / 1e9, isQuiet);
            long now = System.nanoTime();
            boolean isBehind = clockNanos < CLOCK_SHARE * (now - aloneUntil);
            if (isBehind || report.remaining().isZero()) {
                if (clock.rounds() == 0) {
                    // From here on the clock's arrays count, too.
                    resident = ProcessMemory.peak();
                    heap = ProcessMemory.liveHeap();
                }
                clock.round();
                clockNanos += System.nanoTime() - now;
            }
            processorNanos = processorNanos();
        }

        private static long processorNanos() {
            return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                    .getProcessCpuTime();
        }
    }
}
