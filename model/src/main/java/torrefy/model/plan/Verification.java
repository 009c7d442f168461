package torrefy.model.plan;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import torrefy.core.backend.Backend;
import torrefy.core.memory.Arena;
import torrefy.model.architecture.Transformer;
import torrefy.model.optimizer.AdamW;
import torrefy.model.optimizer.Schedule;
import torrefy.model.training.Batches;
import torrefy.model.training.RunLength;
import torrefy.model.training.StepReport;
import torrefy.model.training.TokenSource;
import torrefy.model.training.Trainer;
import torrefy.model.training.TrainingListener;
import torrefy.model.training.TrainingSettings;

/// Training for real, on random tokens, to see whether a forecast was true.
///
/// @param steps how many
/// @param stepSeconds of a step, counted as [KernelClock] counts: of the later half the lower quartile
/// @param besideSeconds of a step according to its kernels, timed anew now and then between the steps: what the
///     forecast would have been at that time. If this is near `stepSeconds` and the forecast is not, the machine has
///     changed, not the sum failed
/// @param processorSeconds of a step, of all processors together: on a machine with other work, less than its seconds
///     times its threads
/// @param residentBytes the most that the process held; empty where the system does not tell
public record Verification(
        int steps, double stepSeconds, double besideSeconds, double processorSeconds, OptionalLong residentBytes) {

    /// The clock gets about this share of the time, in so many turns.
    private static final int TURNS = 6;

    private static final double CLOCK_SHARE = 0.25;

    private static final int TOKENS = 1 << 18;

    /// Trains for `length`, pauses for the clock not counted.
    public static Verification run(StepSetup setup, RecordedStep step, Backend backend, Duration length) {
        // What measured before is garbage now; its room is the model's.
        System.gc();
        Transformer model = new Transformer(setup.config(), backend, 1, setup.storage());
        Arena arena = new Arena(backend::allocate);
        Turns turns = new Turns(new KernelClock(backend, List.of(step)), length);
        TrainingSettings settings = new TrainingSettings(
                RunLength.until(System.nanoTime() + (long) (length.toNanos() * (1 + CLOCK_SHARE))),
                // The learning rate of a model does not matter to its speed, unless its numbers run away.
                new Schedule(1e-4f, 0, 1),
                AdamW.Settings.standard(),
                1.0,
                setup.accumulation(),
                1,
                setup.recompute());
        Batches batches = new Batches(random(setup), setup.sequences(), setup.length(), 1);
        new Trainer(model, settings, arena).train(batches, turns);
        return turns.result(step);
    }

    private static TokenSource random(StepSetup setup) {
        Random random = new Random(1);
        int least = setup.length() * (setup.sequences() + 1) + 1;
        return TokenSource.of(
                random.ints(Math.max(TOKENS, least), 0, setup.config().vocabulary())
                        .toArray());
    }

    /// Times the steps, and now and then their kernels.
    private static final class Turns implements TrainingListener {

        private final KernelClock clock;
        private final long between;
        private final List<Double> steps = new ArrayList<>();
        private final List<Double> processors = new ArrayList<>();
        private long processorNanos = processorNanos();
        private OptionalLong resident = OptionalLong.empty();
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
                    resident = ResidentPeak.bytes();
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

        Verification result(RecordedStep step) {
            return new Verification(
                    steps.size(),
                    KernelClock.counted(steps),
                    StepCost.of(step, clock.times()).seconds(),
                    KernelClock.counted(processors),
                    resident);
        }
    }
}
