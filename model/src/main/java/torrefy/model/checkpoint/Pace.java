package torrefy.model.checkpoint;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.locks.LockSupport;

/// Makes a thread take a small share of one processor only, piece by piece, so that others hardly notice it; until
/// somebody waits for it. What counts is the processor's time: waiting for a disk costs nobody anything.
final class Pace {

    /// After each piece it rests so many times as long as the piece kept a processor busy.
    private static final long REST = 19;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private volatile boolean isHurried;
    private long pieceBegan;

    /// A piece of work begins.
    void begin() {
        pieceBegan = busy();
    }

    /// A piece is done, and the next one begins after a rest.
    void next() {
        if (!isHurried) {
            LockSupport.parkNanos(REST * (busy() - pieceBegan));
        }
        begin();
    }

    /// Nanoseconds for which this thread has been on a processor.
    private long busy() {
        return threads.getCurrentThreadCpuTime();
    }

    /// Whether to work without rests from now on.
    void hurry(boolean on) {
        isHurried = on;
    }
}
