package torrefy.model.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.core.memory.Arena;
import torrefy.model.EveryBackend;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.optimizer.AdamW;
import torrefy.model.optimizer.Schedule;

/// What a training step allocates once the first steps have made everything that stays.
class SteadyStateTest {

    private static final TransformerConfig CONFIG = TransformerConfig.gpt2(31, 64, 2, 2, 96, 0.2f);

    private static TrainingSettings settings(int steps) {
        return new TrainingSettings(
                RunLength.steps(steps), new Schedule(3e-3f, 0, 1), AdamW.Settings.standard(), 1, 2, 5);
    }

    @EveryBackend
    void noStepAfterTheFirstMakesASlab(String backendName) {
        try (Backend backend = Backends.create(backendName, 2)) {
            List<Integer> slabs = new ArrayList<>();
            List<Integer> slabsAfterStep = new ArrayList<>();
            Arena arena = new Arena((type, length) -> {
                slabs.add(length);
                return backend.allocate(type, length);
            });
            new Trainer(new Transformer(CONFIG, backend, 1), settings(6), arena)
                    .train(
                            new Batches(TokenSource.of(TrainerTest.text(2000)), 4, 32, 1),
                            report -> slabsAfterStep.add(slabs.size()));
            assertEquals(List.of(1, 1, 1, 1, 1, 1), slabsAfterStep);
        }
    }

    /// The objects of the graph and of the kernels' calls: two batches of two blocks, a few kilobytes for each op. What
    /// grows with the batch are the partial sums of reductions; a single array of activations outside the arena would
    /// be more than the sixty-fourth of all that is allowed here. Scalar, because vectors are objects until they are
    /// compiled.
    @Test
    void aStepsObjectsInTheJavaHeapDoNotGrowWithTheBatch() {
        try (Backend backend = Backends.create("scalar", 1)) {
            long small = bytesAStep(backend, 4, 64);
            long large = bytesAStep(backend, 16, 64);
            assertTrue(small < 800_000, small + " bytes a step");
            // Two batches a step.
            long activations = 2
                    * (MemoryEstimate.of(CONFIG, 16, 64, false).activationBytes()
                            - MemoryEstimate.of(CONFIG, 4, 64, false).activationBytes());
            assertTrue(
                    large - small < activations / 64,
                    small + " bytes a step, " + large + " with a larger batch, whose activations take " + activations
                            + " more");
        }
    }

    /// The least of several steps: what the JVM does in between is not the step's.
    private static long bytesAStep(Backend backend, int sequences, int length) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] last = {0};
        long[] least = {Long.MAX_VALUE};
        new Trainer(new Transformer(CONFIG, backend, 1), settings(15))
                .train(new Batches(TokenSource.of(TrainerTest.text(2000)), sequences, length, 1), report -> {
                    long now = threads.getCurrentThreadAllocatedBytes();
                    if (report.step() > 3) {
                        least[0] = Math.min(least[0], now - last[0]);
                    }
                    last[0] = threads.getCurrentThreadAllocatedBytes();
                });
        return least[0];
    }
}
