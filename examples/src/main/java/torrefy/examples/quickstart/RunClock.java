package torrefy.examples.quickstart;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;

/// A run's own time: it stands still while no process works on the run. All instants are on the clock of
/// [System#nanoTime], shifted as if the run had never been interrupted.
final class RunClock {

    private static final String USED = "used_nanos";
    private static final String TRAINED = "trained_nanos";

    private long start;
    private long trainingStart;

    private RunClock(long start) {
        this.start = start;
    }

    /// The clock of a new run, which began with this process.
    static RunClock ofThisProcess() {
        long age = System.currentTimeMillis()
                - ManagementFactory.getRuntimeMXBean().getStartTime();
        return new RunClock(System.nanoTime() - Duration.ofMillis(age).toNanos());
    }

    /// Begins training, or goes on with it.
    ///
    /// @param notes of the checkpoint that the run goes on from; empty for a new run
    void beginTraining(Map<String, String> notes) {
        start -= Long.parseLong(notes.getOrDefault(USED, "0"));
        trainingStart = System.nanoTime() - Long.parseLong(notes.getOrDefault(TRAINED, "0"));
    }

    /// What a checkpoint has to remember.
    Map<String, String> notes() {
        long now = System.nanoTime();
        return Map.of(USED, Long.toString(now - start), TRAINED, Long.toString(now - trainingStart));
    }

    /// When the run began.
    long start() {
        return start;
    }

    /// When its training began.
    long trainingStart() {
        return trainingStart;
    }

    /// How long processes have worked on it.
    Duration used() {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
