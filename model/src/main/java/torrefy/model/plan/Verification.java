package torrefy.model.plan;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import torrefy.core.backend.Backend;
import torrefy.model.training.ProcessMemory;
import torrefy.model.training.RunLength;
import torrefy.model.training.StepReport;
import torrefy.model.training.TrainingListener;

/// Training for real, on random tokens, to see whether a forecast was true.
///
/// @param steps how many
/// @param stepSeconds of a step, counted as [KernelClock] counts: of the later half the lower quartile
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

    /// The clock gets about this share of the time, in so many turns.
    private static final int TURNS = 6;

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
        Turns turns = new Turns(new KernelClock(backend, List.of(step)), length);
        run.train(turns);
        return new Verification(
                turns.steps.size(),
                KernelClock.counted(turns.steps),
                StepCost.of(step, turns.clock.times().inStep(stretch)).seconds(),
                KernelClock.counted(turns.processors),
                turns.heap - heapBefore,
                residentBefore,
                turns.resident);
    }

    /// Times the steps, and now and then their kernels.
    private static final class Turns implements TrainingListener {

        private final KernelClock clock;
        private final long between;
        private final List<Double> steps = new ArrayList<>();
        private final List<Double> processors = new ArrayList<>();
        private long processorNanos = processorNanos();
        private OptionalLong resident = OptionalLong.empty();
        private long heap;
        private long turnStart = System.nanoTime();

        Turns(KernelClock clock, Duration length) {
            this.clock = clock;
            this.between = length.toNanos() / TURNS;
        }

        @Override
        public void onStep(StepReport report) {
            steps.add(report.stepTime().toNanos() / 1e9);
            processors.add((processorNanos() - processorNanos) / 1e9);
            boolean last = report.remaining().isZero();
            if (last || System.nanoTime() - turnStart > between) {
                if (clock.rounds() == 0) {
                    // From here on the clock's arrays count, too.
                    resident = ProcessMemory.peak();
                    heap = ProcessMemory.liveHeap();
                }
                long end = System.nanoTime() + (long) (between * CLOCK_SHARE);
                do {
                    clock.round();
                } while (System.nanoTime() < end);
                turnStart = System.nanoTime();
            }
            processorNanos = processorNanos();
        }

        private static long processorNanos() {
            return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                    .getProcessCpuTime();
        }
    }
}
