package torrefy.core.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FmaPeakTest {

    @Test
    void aRateIsFoundForAnyNumberOfThreads() {
        for (int threads = 1; threads <= 3; threads++) {
            double rate = FmaPeak.measure(threads, Duration.ofMillis(20));
            assertTrue(rate > 0 && Double.isFinite(rate), threads + " threads: " + rate);
        }
    }

    @Test
    void badArgumentsAreRefused() {
        Exception threads =
                assertThrows(IllegalArgumentException.class, () -> FmaPeak.measure(0, Duration.ofMillis(1)));
        assertEquals("threads must be at least 1, got 0", threads.getMessage());
        Exception budget = assertThrows(IllegalArgumentException.class, () -> FmaPeak.measure(1, Duration.ZERO));
        assertEquals("the budget must be positive, got PT0S", budget.getMessage());
    }
}
