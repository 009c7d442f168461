package torrefy.core.parallel;

import java.time.Duration;

/// The highest rate at which all threads of a loop together get a small piece of work done, over many tries: what is
/// left
/// when the compiler has finished and no other process is in the way.
public final class PeakRate {

    private PeakRate() {}

    /// A run lasts at least this long, so that waking the threads does not count.
    private static final long SHORTEST_RUN_NANOS = 200_000;

    /// Work that can be made longer.
    @FunctionalInterface
    public interface Work {
        void run(int repeats);
    }

    /// A rate that is higher by this factor is news: the compiler has not finished yet.
    private static final double NEWS = 1.1;

    /// Runs `work` again and again, on every thread at once, until for the length of `quiet` it has not become notably
    /// faster.
    ///
    /// @param operations that one repeat of `work` does on one thread
    /// @return operations per second, all threads together
    public static double measure(ParallelLoop loop, Duration quiet, double operations, Work work) {
        double best = 0;
        double news = 0;
        long lastNews = System.nanoTime();
        int repeats = 1;
        while (best == 0 || System.nanoTime() - lastNews < quiet.toNanos()) {
            int now = repeats;
            long start = System.nanoTime();
            loop.run(loop.threads(), (piece, worker) -> work.run(now));
            long taken = Math.max(1, System.nanoTime() - start);
            best = Math.max(best, loop.threads() * operations * repeats / (taken / 1e9));
            if (best > NEWS * news) {
                news = best;
                lastNews = System.nanoTime();
            }
            if (taken < SHORTEST_RUN_NANOS) {
                repeats *= 2;
            }
        }
        return best;
    }
}
