package torrefy.core.parallel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// The one way in which work is spread over threads: a loop over numbered pieces.
///
/// The caller cuts the work by its *shape*; which thread takes a piece is left to chance, and how many threads there
/// are must not matter to the result. A piece writes only what is its own; what pieces sum up goes to a slot per piece
/// and is combined by the caller in order of the pieces. Then one thread and eight give the same bits.
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

    private static final long SPIN_NANOS = 40_000;

    /// One call of [#run]: threads draw the next piece from `next` until none is left.
    private static final class Job {
        final int pieces;
        final Piece body;
        final AtomicInteger next = new AtomicInteger();
        final AtomicInteger done = new AtomicInteger();
        volatile Throwable failure;

        Job(int pieces, Piece body) {
            this.pieces = pieces;
            this.body = body;
        }

        void work(int worker) {
            int piece = next.getAndIncrement();
            while (piece < pieces) {
                try {
                    if (failure == null) {
                        body.run(piece, worker);
                    }
                } catch (RuntimeException | Error e) {
                    failure = e;
                } finally {
                    done.incrementAndGet();
                }
                piece = next.getAndIncrement();
            }
        }

        boolean hasWork() {
            return next.get() < pieces;
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
        Job mine = new Job(pieces, body);
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
