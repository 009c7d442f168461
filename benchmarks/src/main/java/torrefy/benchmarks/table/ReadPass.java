package torrefy.benchmarks.table;

import java.util.concurrent.atomic.AtomicInteger;
import torrefy.core.parallel.ParallelLoop;

/// All threads read an array that no cache holds, once: a contender that does nothing but wait for memory. Each thread
/// is in four places at once, which the hardware fetches ahead twice as fast as one.
public final class ReadPass implements Runnable, AutoCloseable {

    static final int PIECE = 1 << 20;
    private static final int QUARTER = PIECE / 4;

    private final int[] array;
    private final ParallelLoop loop;
    private final AtomicInteger sink = new AtomicInteger();

    /// Over 512 MB.
    public ReadPass(int threads) {
        this(new int[1 << 27], new ParallelLoop(threads));
    }

    ReadPass(int[] array, ParallelLoop loop) {
        this.array = array;
        this.loop = loop;
    }

    /// What one pass reads.
    public long bytes() {
        return 4L * array.length;
    }

    @Override
    public void run() {
        loop.run(array.length / PIECE, (piece, worker) -> sink.addAndGet(sum(array, piece * PIECE)));
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

    @Override
    public void close() {
        loop.close();
    }
}
