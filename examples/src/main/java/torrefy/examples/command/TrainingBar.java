package torrefy.examples.command;

import java.util.Locale;
import java.util.function.Supplier;
import torrefy.tokenizer.BpeProgress;

/// How far the training of a vocabulary is: one line on a terminal that is written over and over, nothing elsewhere.
final class TrainingBar implements BpeProgress, AutoCloseable {

    private static final int WIDTH = 30;
    private static final long BETWEEN = 100_000_000;

    private final boolean isShown = System.console() != null && System.console().isTerminal();
    private long last = System.nanoTime();
    private boolean isOpen;
    private boolean isClosed;

    @Override
    public void counted(long bytes) {
        show(() -> String.format(Locale.ROOT, "counted %,d MB", bytes >> 20));
    }

    @Override
    public void merged(int merged, int wanted) {
        show(() -> {
            int done = (int) ((long) WIDTH * merged / Math.max(1, wanted));
            return String.format(
                    Locale.ROOT,
                    "[%s%s] %,d of %,d merges",
                    "#".repeat(done),
                    " ".repeat(WIDTH - done),
                    merged,
                    wanted);
        });
    }

    private synchronized void show(Supplier<String> line) {
        long now = System.nanoTime();
        if (isShown && !isClosed && now - last > BETWEEN) {
            last = now;
            isOpen = true;
            System.err.print("\r" + line.get() + "   ");
            System.err.flush();
        }
    }

    /// Wipes the line, so that others can be written.
    synchronized void wipe() {
        if (isOpen) {
            isOpen = false;
            System.err.print("\r" + " ".repeat(72) + "\r");
            System.err.flush();
        }
    }

    /// Wipes the line; none comes after it.
    @Override
    public synchronized void close() {
        isClosed = true;
        wipe();
    }
}
