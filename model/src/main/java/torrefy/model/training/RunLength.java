package torrefy.model.training;

import java.time.Duration;

/// How long a run is: a number of steps, or until a point in time.
///
/// By steps, a run is the same on every machine. By time, it ends when it should, and the learning rate follows the
/// clock.
public sealed interface RunLength {

    /// The share of the run that is over once step `step` (from 1) is being taken, in (0, 1].
    double progress(int step);

    /// Whether `step` steps are enough.
    boolean isOver(int step);

    /// Time left, given that `step` steps, at least one, took `elapsed`.
    Duration remaining(int step, Duration elapsed);

    /// Exactly `steps` steps.
    static RunLength steps(int steps) {
        return new Steps(steps);
    }

    /// As many steps as fit until `deadline`, on the clock of [System#nanoTime], within half a step; at least one.
    static RunLength until(long deadline) {
        return new Until(System.nanoTime(), deadline);
    }

    /// A number of steps.
    record Steps(int steps) implements RunLength {

        public Steps {
            if (steps < 1) {
                throw new IllegalArgumentException("a run needs at least 1 step, got " + steps);
            }
        }

        @Override
        public double progress(int step) {
            return (double) step / steps;
        }

        @Override
        public boolean isOver(int step) {
            return step >= steps;
        }

        @Override
        public Duration remaining(int step, Duration elapsed) {
            return Duration.ofNanos(Math.round((double) elapsed.toNanos() * Math.max(0, steps - step) / step));
        }
    }

    /// A span of time on the clock of [System#nanoTime].
    record Until(long start, long deadline) implements RunLength {

        @Override
        public double progress(int step) {
            return Math.clamp((double) (System.nanoTime() - start) / Math.max(1, deadline - start), 1e-9, 1);
        }

        @Override
        public boolean isOver(int step) {
            if (step == 0) {
                return false;
            }
            // The next step would take as long as those before, and is worth it if at least half of it lies before the
            // deadline. The clock may begin anywhere and wrap: only differences mean something.
            long now = System.nanoTime();
            long nextStep = (now - start) / step;
            return now + nextStep / 2 - deadline >= 0;
        }

        @Override
        public Duration remaining(int step, Duration elapsed) {
            return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
        }
    }
}
