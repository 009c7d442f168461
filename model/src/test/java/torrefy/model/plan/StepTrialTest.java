package torrefy.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.model.architecture.TransformerConfig;

class StepTrialTest {

    private static final Backend BACKEND = Backends.create("scalar", 1);

    @AfterAll
    static void close() {
        BACKEND.close();
    }

    private static RecordedStep recorded(StepSetup setup) {
        return RecordedStep.of(setup, Duration.ZERO);
    }

    /// Then all its kernels are timed, whether they were wanted or not.
    @Test
    void aSmallStepIsTriedWhole() {
        RecordedStep step = recorded(StepSetup.of(TransformerConfig.gpt2(65, 8, 2, 1, 8), 6));
        StepTrial trial = StepTrial.of(BACKEND, step.setup(), List.of(), Duration.ofSeconds(2));
        assertEquals(step.calls().keySet(), trial.times().all().keySet());
        assertEquals(0, trial.times().rough());
    }

    /// As many sequences as heads, which share two keys and values: fewer sequences have as many heads.
    @Test
    void whereThereIsTimeForNothingAGuessIsMade() {
        StepSetup large = StepSetup.of(TransformerConfig.llama(4096, 256, 8, 8, 2, 512, 1024), 8);
        RecordedStep step = recorded(large);
        StepTrial trial = StepTrial.of(BACKEND, large, step.calls().keySet(), Duration.ofNanos(1));
        assertTrue(trial.isRough());
        assertTrue(trial.times().all().keySet().containsAll(step.calls().keySet()));
        assertTrue(trial.times().rough() > 10, trial.times().rough() + "");
    }

    /// A single sequence whose attention is thousands of times the work that a glance may be.
    @Test
    void aLongSequenceIsGlancedAtInPart() {
        StepSetup lengthy = StepSetup.of(TransformerConfig.gpt2(65, 65_536, 1, 1, 8), 1);
        RecordedStep step = recorded(lengthy);
        long start = System.nanoTime();
        StepTrial trial = StepTrial.of(BACKEND, lengthy, step.calls().keySet(), Duration.ofNanos(1));
        double seconds = (System.nanoTime() - start) / 1e9;
        assertTrue(seconds < 30, seconds + " s");
        double all = StepCost.of(step, trial.times()).kernelSeconds();
        assertTrue(all > 2 * seconds, all + " s in " + seconds);
    }
}
