package torrefy.core.parallel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// The one way in which work is spread over threads: a loop over numbered pieces.
///
/// The caller cuts the work by its *shape*; which thread takes a piece must not matter to the result, nor how many
/// threads there are. A piece writes only what is its own; what pieces sum up goes to a slot per piece and is combined
/// by the caller in order of the pieces. Then one thread and eight give the same bits.
///
/// Each thread begins with an equal share of neighbouring pieces, the same one in every loop of as many pieces, and
/// when it is done takes over what others have left. So one kernel's results mostly lie in the caches of the core that
/// needs them in the next kernel: fetching them from another core is several times slower than from one's own.
///
/// The threads are daemons. Between loops they spin for a moment, because the next kernel of a training step follows
/// within microseconds, then park. A loop inside a piece runs in that piece's thread; callers from several threads
/// take turns.
public final class ParallelLoop implements AutoCloseable {

    /// One numbered part of the work. `worker` is below [ParallelLoop#threads] and belongs to no other piece at the
    /// same time, save the one around a nested loop: it selects scratch memory.
    @FunctionalInterface
    public interface Piece {
        void run(int piece, int worker);
    }

    private static final long SPIN_NANOS = 100_000;

    /// Elements between the counters of two shares: they lie in cache lines of their own.
    private static final int APART = 32;

    /// One call of [#run]. Share w holds the pieces from `pieces·w/shares` to `pieces·(w + 1)/shares`; whoever takes
    /// one
    /// counts up that share's counter.
    private static final class Job {
        final int pieces;
        final int shares;
        final Piece body;
        final AtomicIntegerArray taken;
        final AtomicInteger done = new AtomicInteger();
        volatile Throwable failure;

        Job(int pieces, int shares, Piece body) {
            this.pieces = pieces;
            this.shares = shares;
            this.body = body;
            this.taken = new AtomicIntegerArray((shares + 1) * APART);
        }

        private int begin(int share) {
            return (int) ((long) pieces * share / shares);
        }

        void work(int worker) {
            int count = 0;
            for (int i = 0; i < shares; i++) {
                count += work(worker, (worker + i) % shares);
            }
            done.addAndGet(count);
        }

        /// Takes pieces of one share until none is left; returns how many.
        private int work(int worker, int share) {
            int begin = begin(share);
            int end = begin(share + 1);
            int count = 0;
            int piece = begin + taken.getAndIncrement((share + 1) * APART);
            while (piece < end) {
                try {
                    if (failure == null) {
                        body.run(piece, worker);
                    }
                } catch (RuntimeException | Error e) {
                    failure = e;
                }
                count++;
                piece = begin + taken.getAndIncrement((share + 1) * APART);
            }
            return count;
        }

        boolean hasWork() {
            for (int share = 0; share < shares; share++) {
                if (begin(share) + taken.get((share + 1) * APART) < begin(share + 1)) {
                    return true;
                }
            }
            return false;
        }
    }

    /// The index of the thread inside a piece of this loop; not bound outside.
    private final ScopedValue<Integer> worker = ScopedValue.newInstance();

    private final Thread[] helpers;
    private final ReentrantLock turn = new ReentrantLock();
    private volatile Job job;
    private volatile boolean closed;

    /// A loop over `threads` threads, of which the caller's own is one.
    public ParallelLoop(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, got " + threads);
        }
        helpers = new Thread[threads - 1];
        for (int i = 0; i < helpers.length; i++) {
            int index = i + 1;
            helpers[i] = Thread.ofPlatform().daemon().name("torrefy-" + index).unstarted(() -> help(index));
        }
        for (Thread helper : helpers) {
            helper.start();
        }
    }

    public int threads() {
        return helpers.length + 1;
    }

    /// Runs `body` for every piece from 0 to `pieces - 1` and returns when all are done. If one throws, the rest is
    /// skipped and the exception comes out here.
    public void run(int pieces, Piece body) {
        if (worker.isBound()) {
            for (int piece = 0; piece < pieces; piece++) {
                body.run(piece, worker.get());
            }
            return;
        }
        turn.lock();
        try {
            ScopedValue.where(worker, 0).run(() -> spread(pieces, body));
        } finally {
            turn.unlock();
        }
    }

    private void spread(int pieces, Piece body) {
        if (helpers.length == 0 || pieces <= 1 || closed) {
            for (int piece = 0; piece < pieces; piece++) {
                body.run(piece, 0);
            }
            return;
        }
        Job mine = new Job(pieces, threads(), body);
        job = mine;
        for (int i = 0; i < Math.min(helpers.length, pieces - 1); i++) {
            LockSupport.unpark(helpers[i]);
        }
        mine.work(0);
        int spins = 0;
        while (mine.done.get() < pieces) {
            if (++spins < 10_000) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
        job = null;
        if (mine.failure instanceof RuntimeException e) {
            throw e;
        }
        if (mine.failure instanceof Error e) {
            throw e;
        }
    }

    private void help(int index) {
        ScopedValue.where(worker, index).run(() -> {
            while (!closed) {
                Job current = await();
                if (current != null) {
                    current.work(index);
                }
            }
        });
    }

    private Job await() {
        long deadline = System.nanoTime() + SPIN_NANOS;
        while (true) {
            for (int i = 0; i < 64; i++) {
                Job current = job;
                if (current != null && current.hasWork()) {
                    return current;
                }
                Thread.onSpinWait();
            }
            if (closed) {
                return null;
            }
            if (System.nanoTime() > deadline) {
                LockSupport.park(this);
                deadline = System.nanoTime() + SPIN_NANOS;
            }
        }
    }

    /// Lets the threads end. Loops run afterwards use the caller's thread alone.
    @Override
    public void close() {
        closed = true;
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
    }
}
