package torrefy.benchmarks.table;

import java.util.Arrays;

/// Contenders that take turns.
public final class Duel {

    /// How long the threads of whoever had the last turn may go on spinning: OpenBLAS 30 ms, when not told otherwise.
    private static final long PAUSE_MILLIS = 50;

    private final int warmups;
    private final int rounds;
    private final double turnSeconds;

    /// @param warmups how many turns each has before they count
    /// @param rounds how many turns each has that count
    /// @param turnSeconds how long a turn is, at least; one call at least
    public Duel(int warmups, int rounds, double turnSeconds) {
        this.warmups = warmups;
        this.rounds = rounds;
        this.turnSeconds = turnSeconds;
    }

    /// Seconds a call takes, for each contender: the median over its turns that count; NaN for a contender that is
    /// null.
    public double[] seconds(Runnable... contenders) {
        double[][] turns = new double[contenders.length][rounds];
        for (int round = -warmups; round < rounds; round++) {
            for (int i = 0; i < contenders.length; i++) {
                double seconds = contenders[i] == null ? Double.NaN : turn(contenders[i]);
                if (round >= 0) {
                    turns[i][round] = seconds;
                }
            }
        }
        return Arrays.stream(turns).mapToDouble(Duel::median).toArray();
    }

    private double turn(Runnable contender) {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring", e);
        }
        if (turnSeconds > 0) {
            contender.run();
        }
        long start = System.nanoTime();
        int calls = 0;
        double seconds;
        do {
            contender.run();
            calls++;
            seconds = (System.nanoTime() - start) * 1e-9;
        } while (seconds < turnSeconds);
        return seconds / calls;
    }

    /// The middle one, or the mean of the two in the middle.
    public static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
