package torrefy.tokenizer.corpus.build;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Writes what has been worked out in a thread of its own, while the next is worked out: one after another, in order.
/// A few may wait, so that nobody stands idle while the disk catches up at a checkpoint.
final class WriteBehind implements AutoCloseable {

    private static final int MOST_WAITING = 4;

    /// What writes.
    @FunctionalInterface
    interface Writing {
        void run() throws IOException;
    }

    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("corpus-writer").factory());
    private final Queue<Future<?>> waiting = new ArrayDeque<>();
    private boolean failed;

    /// Writes after all that was added before, and not if any of that fails. Waits if too many are waiting already.
    ///
    /// @throws IOException if an earlier one failed
    void add(Writing writing) throws IOException {
        if (waiting.size() == MOST_WAITING) {
            await(waiting.remove());
        }
        waiting.add(writer.submit(() -> {
            if (!failed) {
                failed = true;
                writing.run();
                failed = false;
            }
            return null;
        }));
    }

    /// Waits until all is written.
    ///
    /// @throws IOException if writing failed
    void finish() throws IOException {
        while (!waiting.isEmpty()) {
            await(waiting.remove());
        }
    }

    private static void await(Future<?> written) throws IOException {
        try {
            written.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException failure -> throw failure;
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                default -> throw new IllegalStateException(e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while writing", e);
        }
    }

    /// Waits for what is being written: its files must not be closed before.
    @Override
    public void close() {
        writer.close();
    }
}
