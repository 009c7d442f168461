package torrefy.model.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import torrefy.model.optimizer.AdamW;
import torrefy.model.optimizer.Schedule;

class RunLengthTest {

    @Test
    void stepsAreCounted() {
        RunLength length = RunLength.steps(4);
        assertFalse(length.isOver(0));
        assertFalse(length.isOver(3));
        assertTrue(length.isOver(4));
        assertEquals(0.25, length.progress(1));
        assertEquals(1, length.progress(4));
        assertEquals(Duration.ofSeconds(30), length.remaining(1, Duration.ofSeconds(10)));
        assertEquals(Duration.ZERO, length.remaining(4, Duration.ofSeconds(10)));
    }

    @Test
    void aRunWithoutAStepIsRefused() {
        String message = assertThrows(IllegalArgumentException.class, () -> RunLength.steps(0))
                .getMessage();
        assertEquals("a run needs at least 1 step, got 0", message);
    }

    @Test
    void aDeadlineAheadLetsItRun() {
        RunLength length =
                RunLength.until(System.nanoTime() + Duration.ofDays(1).toNanos());
        assertFalse(length.isOver(0));
        assertFalse(length.isOver(1_000_000));
        assertTrue(length.progress(1) > 0 && length.progress(1) < 0.5);
        Duration left = length.remaining(1, Duration.ZERO);
        assertTrue(left.compareTo(Duration.ofDays(1)) <= 0 && left.compareTo(Duration.ofHours(12)) > 0);
    }

    @Test
    void aDeadlineBehindAllowsTheFirstStepAlone() {
        RunLength length = RunLength.until(System.nanoTime() - 1);
        assertFalse(length.isOver(0));
        assertTrue(length.isOver(1));
        assertEquals(1, length.progress(1));
        assertEquals(Duration.ZERO, length.remaining(1, Duration.ZERO));
    }

    /// Half of the time gone is half of the progress.
    @Test
    void progressIsTheShareOfTheTime() {
        long now = System.nanoTime();
        long day = Duration.ofDays(1).toNanos();
        assertEquals(0.5, new RunLength.Until(now - day, now + day).progress(1), 0.01);
        assertEquals(0.75, new RunLength.Until(now - 3 * day, now + day).progress(1), 0.01);
    }

    @Test
    void settingsThatMeanNothingAreRefused() {
        Schedule schedule = new Schedule(1e-3f, 0, 1);
        AdamW.Settings optimizer = AdamW.Settings.standard();
        RunLength length = RunLength.steps(1);
        for (double clip : new double[] {0, -1, Double.NaN}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new TrainingSettings(length, schedule, optimizer, clip, 1, 0));
        }
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> new TrainingSettings(length, schedule, optimizer, 1, 0, 0))
                .getMessage();
        assertTrue(message.contains("accumulation at least 1") && message.endsWith("1.0 and 0"), message);
        assertEquals(1, TrainingSettings.standard(length, 1e-3f).clip());
    }

    @Test
    void aStepsSpeedIsItsTokensOverItsTime() {
        StepReport report =
                new StepReport(1, 2, 3, 4, 500, Duration.ofSeconds(9), Duration.ofMillis(250), Duration.ZERO);
        assertEquals(2000, report.tokensPerSecond(500));
    }
}
