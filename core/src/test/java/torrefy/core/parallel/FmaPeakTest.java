package torrefy.core.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
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
    void oneFastRunAmongManySlowOnesShowsAnInstruction() {
        AtomicInteger runs = new AtomicInteger();
        assertTrue(FmaPeak.isInstruction(() -> runs.incrementAndGet() <= 100 ? 41e-9 : 3e-9));
        assertEquals(101, runs.get());
    }

    @Test
    void decimalsAreNoInstruction() {
        assertFalse(FmaPeak.isInstruction(() -> 80e-9));
    }

    @Test
    void interpretedDecimalsAreRecognizedSoon() {
        AtomicInteger runs = new AtomicInteger();
        assertFalse(FmaPeak.isInstruction(() -> {
            runs.incrementAndGet();
            return 5e-6;
        }));
        assertEquals(20, runs.get());
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
