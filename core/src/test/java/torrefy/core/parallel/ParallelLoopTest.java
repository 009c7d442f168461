package torrefy.core.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParallelLoopTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void everyPieceRunsExactlyOnce(int threads) {
        try (ParallelLoop loop = new ParallelLoop(threads)) {
            assertEquals(threads, loop.threads());
            for (int pieces : new int[] {0, 1, 2, 7, 13, 31, 207, 4098}) {
                AtomicIntegerArray runs = new AtomicIntegerArray(pieces);
                loop.run(pieces, (piece, worker) -> runs.incrementAndGet(piece));
                for (int piece = 0; piece < pieces; piece++) {
                    assertEquals(1, runs.get(piece), "piece " + piece + " of " + pieces);
                }
            }
        }
    }

    /// Plain writes in pieces are seen by the caller, and by the pieces of the next loop, without any locking.
    @Test
    void whatPiecesWroteIsSeenAfterTheLoop() {
        try (ParallelLoop loop = new ParallelLoop(4)) {
            int[] values = new int[37];
            for (int round = 1; round <= 5_000; round++) {
                int expected = round;
                loop.run(values.length, (piece, worker) -> values[piece]++);
                for (int value : values) {
                    assertEquals(expected, value);
                }
            }
        }
    }

    @Test
    void severalThreadsTakePart() {
        try (ParallelLoop loop = new ParallelLoop(2)) {
            // Each of two pieces waits for the other: one thread alone would never finish.
            CountDownLatch both = new CountDownLatch(2);
            assertTimeoutPreemptively(
                    Duration.ofSeconds(20),
                    () -> loop.run(2, (piece, worker) -> {
                        both.countDown();
                        try {
                            both.await();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    }));
        }
    }

    @Test
    void threadsThatWentToSleepWakeUp() throws InterruptedException {
        try (ParallelLoop loop = new ParallelLoop(2)) {
            for (int round = 0; round < 3; round++) {
                Thread.sleep(20);
                severalPieces(loop);
            }
        }
    }

    @Test
    void aWorkerServesOnePieceAtATime() {
        try (ParallelLoop loop = new ParallelLoop(4)) {
            AtomicIntegerArray busy = new AtomicIntegerArray(4);
            AtomicInteger clashes = new AtomicInteger();
            loop.run(2_000, (piece, worker) -> {
                if (busy.incrementAndGet(worker) != 1) {
                    clashes.incrementAndGet();
                }
                Thread.onSpinWait();
                busy.decrementAndGet(worker);
            });
            assertEquals(0, clashes.get());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void anExceptionComesOutAndTheLoopStaysUsable(int threads) {
        try (ParallelLoop loop = new ParallelLoop(threads)) {
            for (int failing : new int[] {0, 5, 99}) {
                IllegalArgumentException failure = new IllegalArgumentException("piece " + failing);
                assertSame(
                        failure,
                        assertThrows(
                                IllegalArgumentException.class,
                                () -> loop.run(100, (piece, worker) -> {
                                    if (piece == failing) {
                                        throw failure;
                                    }
                                })));
                severalPieces(loop);
            }
            assertThrows(
                    StackOverflowError.class,
                    () -> loop.run(10, (piece, worker) -> {
                        throw new StackOverflowError();
                    }));
            severalPieces(loop);
        }
    }

    @Test
    void afterAFailureTheRestIsSkipped() {
        try (ParallelLoop loop = new ParallelLoop(2)) {
            AtomicInteger runs = new AtomicInteger();
            assertThrows(
                    IllegalStateException.class,
                    () -> loop.run(1_000_000, (piece, worker) -> {
                        runs.incrementAndGet();
                        throw new IllegalStateException();
                    }));
            // Each thread may have been inside one piece when the first failed.
            assertTrue(runs.get() <= 2, runs.get() + " pieces ran");
        }
    }

    @Test
    void aLoopInsideAPieceRunsInThatPiecesThread() {
        try (ParallelLoop loop = new ParallelLoop(4)) {
            AtomicIntegerArray runs = new AtomicIntegerArray(13 * 7);
            AtomicInteger strangers = new AtomicInteger();
            loop.run(13, (outer, outerWorker) -> {
                Thread thread = Thread.currentThread();
                loop.run(7, (inner, innerWorker) -> {
                    runs.incrementAndGet(outer * 7 + inner);
                    if (Thread.currentThread() != thread || innerWorker != outerWorker) {
                        strangers.incrementAndGet();
                    }
                });
            });
            for (int i = 0; i < runs.length(); i++) {
                assertEquals(1, runs.get(i));
            }
            assertEquals(0, strangers.get());
        }
    }

    @Test
    void callersFromSeveralThreadsTakeTurns() throws InterruptedException {
        try (ParallelLoop loop = new ParallelLoop(3)) {
            AtomicIntegerArray busy = new AtomicIntegerArray(3);
            AtomicReference<String> wrong = new AtomicReference<>();
            List<Thread> callers = new ArrayList<>();
            for (int caller = 0; caller < 4; caller++) {
                Thread thread = new Thread(() -> {
                    for (int round = 0; round < 200; round++) {
                        AtomicInteger sum = new AtomicInteger();
                        loop.run(31, (piece, worker) -> {
                            if (busy.incrementAndGet(worker) != 1) {
                                wrong.set("worker " + worker + " in two pieces at once");
                            }
                            sum.addAndGet(piece);
                            busy.decrementAndGet(worker);
                        });
                        if (sum.get() != 31 * 30 / 2) {
                            wrong.set("pieces sum to " + sum.get());
                        }
                    }
                });
                callers.add(thread);
                thread.start();
            }
            for (Thread thread : callers) {
                thread.join();
            }
            assertEquals(null, wrong.get());
        }
    }

    @Test
    void closingEndsTheThreadsAndLoopsRunAlone() throws InterruptedException {
        ParallelLoop loop = new ParallelLoop(4);
        Set<Thread> helpers = ConcurrentHashMap.newKeySet();
        for (int round = 0; round < 100; round++) {
            loop.run(64, (piece, worker) -> helpers.add(Thread.currentThread()));
        }
        helpers.remove(Thread.currentThread());
        loop.close();
        loop.close();
        for (Thread helper : helpers) {
            helper.join(10_000);
            assertFalse(helper.isAlive(), helper + " still runs");
        }
        Set<Thread> alone = ConcurrentHashMap.newKeySet();
        loop.run(64, (piece, worker) -> alone.add(Thread.currentThread()));
        assertEquals(Set.of(Thread.currentThread()), alone);
    }

    @Test
    void aLoopNeedsAThread() {
        assertEquals(
                "threads must be at least 1, got 0",
                assertThrows(IllegalArgumentException.class, () -> new ParallelLoop(0))
                        .getMessage());
    }

    private static void severalPieces(ParallelLoop loop) {
        AtomicInteger sum = new AtomicInteger();
        loop.run(100, (piece, worker) -> sum.addAndGet(piece));
        assertEquals(4950, sum.get());
    }
}
