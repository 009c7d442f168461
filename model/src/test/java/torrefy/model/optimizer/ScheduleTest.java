package torrefy.model.optimizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {

    private static final Schedule SCHEDULE = new Schedule(2, 0.2f, 0.1f);

    /// Warm-up to 0.2 of the run; then the cosine's middle lies at 0.6, half way between 2 and 0.2.
    @ParameterizedTest
    @CsvSource({"0, 0", "0.05, 0.5", "0.1, 1", "0.2, 2", "0.6, 1.1", "1, 0.2", "7, 0.2", "-1, 0"})
    void theRateIsAsAtTheseMarks(double progress, double expected) {
        assertEquals(expected, SCHEDULE.at(progress), 1e-6);
    }

    /// A third of the way down the cosine, cos 60° = 1/2: three quarters of the way from floor to peak.
    @Test
    void theDescentIsHalfACosine() {
        assertEquals(0.2 + 1.8 * 0.75, SCHEDULE.at(0.2 + 0.8 / 3), 1e-6);
        for (double p = 0.2; p < 1; p += 0.01) {
            assertTrue(SCHEDULE.at(p) > SCHEDULE.at(p + 0.01));
        }
    }

    @Test
    void withoutWarmUpItBeginsAtThePeakAndWithAFullFloorItStays() {
        assertEquals(2, new Schedule(2, 0, 0).at(0));
        assertEquals(0, new Schedule(2, 0, 0).at(1), 1e-7);
        for (double p = 0; p <= 1; p += 0.125) {
            assertEquals(3e-3f, new Schedule(3e-3f, 0, 1).at(p));
        }
    }

    @Test
    void settingsThatMeanNothingAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Schedule(0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new Schedule(Float.NaN, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new Schedule(1, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Schedule(1, -0.1f, 0));
        assertThrows(IllegalArgumentException.class, () -> new Schedule(1, 0, 1.1f));
    }
}
