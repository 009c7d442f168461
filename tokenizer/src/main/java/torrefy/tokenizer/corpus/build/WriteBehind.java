package torrefy.tokenizer.corpus.build;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Writes what has been worked out in a thread of its own, while the next is worked out: one after another, in order,
/// and no more than one at a time waits.
final class WriteBehind implements AutoCloseable {

    /// What writes.
    @FunctionalInterface
    interface Writing {
        void run() throws IOException;
    }

    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("corpus-writer").factory());
    private Future<?> last;

    /// Waits until the one before is done, and begins this one.
    ///
    /// @throws IOException if the one before failed
    void begin(Writing writing) throws IOException {
        finish();
        last = writer.submit(() -> {
            writing.run();
            return null;
        });
    }

    /// Waits until all is written.
    ///
    /// @throws IOException if writing failed
    void finish() throws IOException {
        try {
            if (last != null) {
                last.get();
            }
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
