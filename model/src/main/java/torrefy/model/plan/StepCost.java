package torrefy.model.plan;

import java.util.Comparator;
import java.util.List;

/// Where a step's time goes: `Σ count·seconds` over all its kernel calls, and the graph around them.
///
/// @param lines one for each kind of call, in the order of the step
/// @param graphSeconds what building the graph and walking it back takes beside the kernels
public record StepCost(List<Line> lines, double graphSeconds) {

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
                .map(entry -> new Line(entry.getKey(), entry.getValue(), times.secondsInStep(entry.getKey())))
                .toList();
        return new StepCost(lines, step.graphSeconds());
    }

    /// Of the whole step.
    public double seconds() {
        return graphSeconds + kernelSeconds();
    }

    /// Of all calls.
    double kernelSeconds() {
        return lines.stream().mapToDouble(Line::seconds).sum();
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
