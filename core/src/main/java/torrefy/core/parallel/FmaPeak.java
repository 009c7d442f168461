package torrefy.core.parallel;

import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.function.DoubleSupplier;

/// The most single-precision multiply-adds this machine does, measured: the ceiling against which a matrix product,
/// or a whole training step, is held.
///
/// The loop is plain Java. It evaluates four polynomials of each element of an array by Horner's rule, and one more of
/// their results: 19 multiply-adds for every load and store, in four chains that do not wait for each other. The JIT
/// compiler turns it into SIMD code of the machine's full width. It comes within 5 % of a loop of nothing but
/// multiply-adds in C, where both were measured with AVX-512 and with AVX2.
public final class FmaPeak {

    /// 32 KB: in the first-level cache, or read from the second at a fraction of its speed.
    private static final int ELEMENTS = 8192;

    private static final int MULTIPLY_ADDS = 19;
    private static final double OPERATIONS = 2.0 * MULTIPLY_ADDS * ELEMENTS;

    /// A round's length in seconds: long against the time threads take to meet, short against a scheduler's
    /// interruption.
    private static final double ROUND_SECONDS = 0.002;

    /// [Math#fma] takes a few nanoseconds where it is an instruction, up to about this long when interpreted on a busy
    /// machine; where it is not, it computes with decimals and takes from 80, when compiled well, to thousands.
    private static final double SLOWEST_FMA_SECONDS = 4e-8;

    /// In so many one is undisturbed, and interpreted decimals, which are slowest, are recognized.
    private static final int FEWEST_RUNS = 20;

    /// So many that the loop is compiled before the last of them: then an instruction is far below the limit.
    private static final int MOST_RUNS = 500;

    private FmaPeak() {}

    /// Floating-point operations a second, a multiply-add counted as two, on `threads` threads at once: the best round
    /// within `budget`. Half a second is enough; the first tenth goes by until the loop is compiled.
    ///
    /// On a machine without fused multiply-add, a multiplication and an addition take its place.
    ///
    /// @throws IllegalArgumentException if `threads` is less than 1 or `budget` not positive
    public static double measure(int threads, Duration budget) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, got " + threads);
        }
        if (budget.isNegative() || budget.isZero()) {
            throw new IllegalArgumentException("the budget must be positive, got " + budget);
        }
        long end = System.nanoTime() + budget.toNanos();
        boolean fused = hasFusedMultiplyAdd();
        float[][] arrays = new float[threads][ELEMENTS];
        double best = 0;
        int repetitions = 1;
        do {
            double seconds = round(arrays, repetitions, fused);
            best = Math.max(best, threads * repetitions * OPERATIONS / seconds);
            repetitions = (int) Math.clamp(repetitions * ROUND_SECONDS / seconds, 1, 1 << 20);
        } while (System.nanoTime() < end);
        return best;
    }

    /// Whether [Math#fma] is an instruction on this machine: found by timing it in short runs, of which one that is
    /// fast enough will do.
    public static boolean hasFusedMultiplyAdd() {
        return isInstruction(FmaPeak::secondsOfFma);
    }

    /// @param secondsOfFma what a multiply-add takes, measured anew each time it is asked
    static boolean isInstruction(DoubleSupplier secondsOfFma) {
        double best = Double.POSITIVE_INFINITY;
        for (int run = 1; run <= MOST_RUNS; run++) {
            best = Math.min(best, secondsOfFma.getAsDouble());
            if (best < SLOWEST_FMA_SECONDS) {
                return true;
            }
            if (run >= FEWEST_RUNS && best > 10 * SLOWEST_FMA_SECONDS) {
                return false;
            }
        }
        return false;
    }

    private static double secondsOfFma() {
        int count = 200;
        float x = 0;
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            x = Math.fma(x, 0.5f, 0.25f);
        }
        double seconds = (System.nanoTime() - start) * 1e-9;
        return x > 0 ? seconds / count : Double.POSITIVE_INFINITY;
    }

    /// How long it takes until every thread has gone over its array `repetitions` times.
    private static double round(float[][] arrays, int repetitions, boolean fused) {
        int threads = arrays.length;
        long[] ends = new long[threads];
        long[] starts = new long[threads];
        CyclicBarrier start = new CyclicBarrier(threads);
        Thread[] others = new Thread[threads - 1];
        for (int i = 0; i < others.length; i++) {
            int index = i + 1;
            others[i] = Thread.ofPlatform()
                    .daemon()
                    .start(() -> run(arrays[index], repetitions, fused, start, starts, ends, index));
        }
        run(arrays[0], repetitions, fused, start, starts, ends, 0);
        try {
            for (Thread other : others) {
                other.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring", e);
        }
        long first = starts[0];
        long last = ends[0];
        for (int i = 1; i < threads; i++) {
            first = Math.min(first, starts[i]);
            last = Math.max(last, ends[i]);
        }
        return Math.max(1, last - first) * 1e-9;
    }

    private static void run(
            float[] array, int repetitions, boolean fused, CyclicBarrier start, long[] starts, long[] ends, int index) {
        try {
            start.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (BrokenBarrierException e) {
            throw new IllegalStateException("interrupted while measuring", e);
        }
        starts[index] = System.nanoTime();
        for (int repetition = 0; repetition < repetitions; repetition++) {
            if (fused) {
                fused(array);
            } else {
                separate(array);
            }
        }
        ends[index] = System.nanoTime();
    }

    /// The coefficients lead every start in [0, 1] to a number near ¼, so that nothing overflows or gets too small.
    private static void fused(float[] a) {
        for (int i = 0; i < ELEMENTS; i++) {
            float x = a[i];
            float p = Math.fma(Math.fma(Math.fma(Math.fma(x, x, 0.25f), x, 0.25f), x, 0.25f), x, 0.25f);
            float q = Math.fma(Math.fma(Math.fma(Math.fma(x, x, 0.2f), x, 0.2f), x, 0.2f), x, 0.2f);
            float r = Math.fma(Math.fma(Math.fma(Math.fma(x, x, 0.15f), x, 0.15f), x, 0.15f), x, 0.15f);
            float s = Math.fma(Math.fma(Math.fma(Math.fma(x, x, 0.1f), x, 0.1f), x, 0.1f), x, 0.1f);
            a[i] = Math.fma(Math.fma(Math.fma(p, x, q), x, r), x, s);
        }
    }

    private static void separate(float[] a) {
        for (int i = 0; i < ELEMENTS; i++) {
            float x = a[i];
            float p = (((x * x + 0.25f) * x + 0.25f) * x + 0.25f) * x + 0.25f;
            float q = (((x * x + 0.2f) * x + 0.2f) * x + 0.2f) * x + 0.2f;
            float r = (((x * x + 0.15f) * x + 0.15f) * x + 0.15f) * x + 0.15f;
            float s = (((x * x + 0.1f) * x + 0.1f) * x + 0.1f) * x + 0.1f;
            a[i] = ((p * x + q) * x + r) * x + s;
        }
    }
}
