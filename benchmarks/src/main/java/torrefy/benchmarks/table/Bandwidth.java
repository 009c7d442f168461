package torrefy.benchmarks.table;

import torrefy.core.parallel.ParallelLoop;

/// How fast memory is when all threads go over an array that no cache holds: plain loops, the best of some rounds.
///
/// @param read bytes a second
/// @param readWrite bytes a second, read and written ones counted, when each element is changed in place
public record Bandwidth(double read, double readWrite) {

    /// 512 MB.
    private static final int ELEMENTS = 1 << 27;

    private static final int PIECE = ReadPass.PIECE;
    private static final int QUARTER = PIECE / 4;
    private static final int ROUNDS = 20;

    static Bandwidth measure(int threads) {
        int[] array = new int[ELEMENTS];
        try (ParallelLoop loop = new ParallelLoop(threads)) {
            double read = best(new ReadPass(array, loop));
            double change = best(() -> loop.run(ELEMENTS / PIECE, (piece, worker) -> increment(array, piece * PIECE)));
            return new Bandwidth(4.0 * ELEMENTS / read, 8.0 * ELEMENTS / change);
        }
    }

    private static double best(Runnable pass) {
        double best = Double.POSITIVE_INFINITY;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            pass.run();
            best = Math.min(best, (System.nanoTime() - start) * 1e-9);
        }
        return best;
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
