package torrefy.examples.command;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/// What is said if Ctrl-C, or `kill`, ends work in its middle.
///
/// The JVM answers such a signal by running its shutdown hooks, while the work goes on, and ends when they have, with
/// 128 and the signal's number as exit code: 130 after Ctrl-C. Ours says one line on stderr; from then on nothing else
/// is said, and nothing written.
final class LastWord implements AutoCloseable {

    /// Something that must not be ended in its middle.
    @FunctionalInterface
    interface Undivided {
        void run() throws IOException;
    }

    /// Held by whoever does something undivided, and by the hook for good.
    private final ReentrantLock lock = new ReentrantLock();

    private final Thread hook;
    private boolean isOver;

    /// @param line to say
    /// @param wipe takes from the screen what stands there
    LastWord(String line, Runnable wipe) {
        hook = new Thread(
                () -> {
                    lock.lock();
                    if (!isOver) {
                        wipe.run();
                        System.err.println("torrefy: " + line);
                    }
                },
                "torrefy-last-word");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /// Does something that a signal waits for; or, after one, waits for the end instead.
    void undivided(Undivided work) throws IOException {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    /// The same with a line on stdout.
    void say(String line) {
        lock.lock();
        try {
            System.out.println(line);
        } finally {
            lock.unlock();
        }
    }

    /// The work is over: nothing is left to be said.
    void unsay() {
        lock.lock();
        try {
            isOver = true;
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The signal has come, and the hook waits for the lock.
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        unsay();
    }
}
