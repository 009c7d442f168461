package torrefy.model.plan;

import java.util.Comparator;
import java.util.List;

/// Where a step's time goes: `Σ count·seconds` over all its kernel calls, and the graph around them.
///
/// A call that is timed again and again finds its operands in the caches and its threads awake. In a step it comes
/// after others, and takes longer.
///
/// @param lines one for each kind of call, in the order of the step
/// @param graphSeconds what building the graph and walking it back takes beside the kernels
public record StepCost(List<Line> lines, double graphSeconds) {

    /// How many times longer calls take in a step than alone: with two threads, where the calls of a step were timed
    /// between its steps, they came to 0.84 to 0.91 of it over eight models of 0.4 to 21 million parameters (the table
    /// of plans in `benchmarks`).
    private static final double IN_A_STEP = 1.13;

    /// Calls that are alike.
    ///
    /// @param call what is called
    /// @param count how often, in a step
    /// @param secondsEach for one, in a step
    public record Line(KernelCall call, int count, double secondsEach) {

        public double seconds() {
            return count * secondsEach;
        }

        /// FLOP/s while it runs; 0 for what is measured by its bytes.
        public double flopRate() {
            return call.flops() / secondsEach;
        }

        /// Bytes/s while it runs.
        public double byteRate() {
            return call.bytes() / secondsEach;
        }
    }

    public StepCost {
        lines = List.copyOf(lines);
    }

    /// Puts what a step calls together with how long that takes.
    public static StepCost of(RecordedStep step, KernelTimes times) {
        List<Line> lines = step.calls().entrySet().stream()
                .map(entry -> new Line(entry.getKey(), entry.getValue(), IN_A_STEP * times.seconds(entry.getKey())))
                .toList();
        return new StepCost(lines, step.graphSeconds());
    }

    /// Of the whole step.
    public double seconds() {
        return graphSeconds + lines.stream().mapToDouble(Line::seconds).sum();
    }

    /// Of all calls of one kind.
    public double seconds(KernelCall.Kind kind) {
        return lines.stream()
                .filter(line -> line.call().kind() == kind)
                .mapToDouble(Line::seconds)
                .sum();
    }

    /// The lines that take the most time, longest first.
    public List<Line> largest(int count) {
        return lines.stream()
                .sorted(Comparator.comparingDouble(Line::seconds).reversed())
                .limit(count)
                .toList();
    }
}
