package torrefy.model.checkpoint;

import java.util.concurrent.locks.LockSupport;

/// Makes a thread work a small share of the time only, piece by piece, so that others hardly notice it; until somebody
/// waits for it.
final class Pace {

    /// After each piece it rests so many times as long as the piece took.
    private static final long REST = 19;

    private volatile boolean isHurried;
    private long pieceBegan;

    /// A piece of work begins, after a rest if there was one before.
    void begin() {
        pieceBegan = System.nanoTime();
    }

    /// A piece is done, and the next one begins after a rest.
    void next() {
        if (!isHurried) {
            LockSupport.parkNanos(REST * (System.nanoTime() - pieceBegan));
        }
        begin();
    }

    /// Whether to work without rests from now on.
    void hurry(boolean on) {
        isHurried = on;
    }
}
