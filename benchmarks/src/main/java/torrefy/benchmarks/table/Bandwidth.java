package torrefy.benchmarks.table;

import java.util.concurrent.atomic.AtomicInteger;
import torrefy.core.parallel.ParallelLoop;

/// How fast memory is when all threads go over an array that no cache holds: plain loops, the best of some rounds. Each
/// thread is in four places at once, which the hardware fetches ahead twice as fast as one.
///
/// @param read bytes a second
/// @param readWrite bytes a second, read and written ones counted, when each element is changed in place
public record Bandwidth(double read, double readWrite) {

    /// 512 MB.
    private static final int ELEMENTS = 1 << 27;

    private static final int PIECE = 1 << 20;
    private static final int QUARTER = PIECE / 4;
    private static final int ROUNDS = 20;

    static Bandwidth measure(int threads) {
        int[] array = new int[ELEMENTS];
        AtomicInteger sink = new AtomicInteger();
        try (ParallelLoop loop = new ParallelLoop(threads)) {
            double read = best(loop, (piece, worker) -> sink.addAndGet(sum(array, piece * PIECE)));
            double change = best(loop, (piece, worker) -> increment(array, piece * PIECE));
            return new Bandwidth(4.0 * ELEMENTS / read, 8.0 * ELEMENTS / change);
        }
    }

    private static double best(ParallelLoop loop, ParallelLoop.Piece body) {
        double best = Double.POSITIVE_INFINITY;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            loop.run(ELEMENTS / PIECE, body);
            best = Math.min(best, (System.nanoTime() - start) * 1e-9);
        }
        return best;
    }

    private static int sum(int[] array, int from) {
        int sum0 = 0;
        int sum1 = 0;
        int sum2 = 0;
        int sum3 = 0;
        for (int i = from; i < from + QUARTER; i++) {
            sum0 += array[i];
            sum1 += array[i + QUARTER];
            sum2 += array[i + 2 * QUARTER];
            sum3 += array[i + 3 * QUARTER];
        }
        return sum0 + sum1 + sum2 + sum3;
    }

    private static void increment(int[] array, int from) {
        for (int i = from; i < from + QUARTER; i++) {
            array[i]++;
            array[i + QUARTER]++;
            array[i + 2 * QUARTER]++;
            array[i + 3 * QUARTER]++;
        }
    }
}
