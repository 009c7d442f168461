package torrefy.examples.command;

import java.io.PrintStream;
import java.util.Locale;
import java.util.OptionalLong;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.plan.FlopsFormula;
import torrefy.model.plan.Forecast;
import torrefy.model.plan.KernelCall;
import torrefy.model.plan.ParameterCount;
import torrefy.model.plan.StepCost;
import torrefy.model.training.MemoryEstimate;

/// A forecast as lines of text.
final class ForecastText {

    private static final int LINES = 8;

    /// What this program takes beside what trains: measured.
    private static final long PROGRAM_BYTES = 20_000_000;

    private final PrintStream out;

    ForecastText(PrintStream out) {
        this.out = out;
    }

    /// @param peak the machine's measured FMA peak in FLOP/s
    void print(Forecast forecast, double peak) {
        TransformerConfig config = forecast.setup().config();
        line(
                "model",
                "%d layers, %d heads, width %d, context %d, vocabulary %d",
                config.layers(),
                config.heads(),
                config.width(),
                config.context(),
                config.vocabulary());
        ParameterCount parameters = ParameterCount.of(config);
        line("parameters", "%,d: %s", parameters.total(), parameters.description());
        line("FLOPs", "%s a token = %s", si(config.flopsPerToken()), FlopsFormula.of(config));
        memory(forecast.memory());
        line(
                "checkpoint",
                "%s, written in %s at %s/s",
                bytes(forecast.checkpoint().bytes()),
                Span.of(forecast.checkpoint().seconds()),
                bytes(forecast.checkpoint().bytesPerSecond()));
        step(forecast, peak);
        line(
                "run",
                "%,d tokens in %,d steps of %,d: %s",
                forecast.run().tokens(),
                forecast.steps(),
                forecast.setup().tokens(),
                Span.of(forecast.seconds()));
        line(
                "energy",
                "%.3g kWh at %.0f W",
                forecast.kilowattHours(),
                forecast.run().watts());
        if (forecast.run().pricePerHour() > 0) {
            line(
                    "money",
                    "%.2f at %.2f an hour",
                    forecast.cost(),
                    forecast.run().pricePerHour());
        }
    }

    private void memory(MemoryEstimate memory) {
        OptionalLong resident = memory.residentBytes();
        line(
                "memory",
                "%s: weights, gradients and moments %s, activations %s; a heap of %s; the process %s",
                bytes(memory.stepBytes()),
                bytes(memory.parameterBytes()),
                bytes(memory.activationBytes()),
                bytes(memory.bytes()),
                resident.isEmpty()
                        ? "as much more as the garbage collector lets lie"
                        : "at most " + bytes(resident.getAsLong() + PROGRAM_BYTES));
    }

    private void step(Forecast forecast, double peak) {
        StepCost step = forecast.step();
        line(
                "step",
                "%s, %.0f tokens/s, %.0f %% of the peak of %.0f GFLOP/s; it is the sum of",
                Span.of(step.seconds()),
                forecast.tokensPerSecond(),
                100 * forecast.utilization(peak),
                peak / 1e9);
        for (KernelCall.Kind kind : KernelCall.Kind.values()) {
            part(step, kind.title(), step.seconds(kind));
        }
        part(step, "the graph", step.graphSeconds());
        line("", "of which the longest are");
        for (StepCost.Line each : step.largest(LINES)) {
            line(
                    "",
                    "  %3d x %-48s %8.2f ms  %s",
                    each.count(),
                    each.call().description(),
                    1e3 * each.secondsEach(),
                    each.call().flops() > 0
                            ? String.format(Locale.ROOT, "%4.0f GFLOP/s", each.flopRate() / 1e9)
                            : String.format(Locale.ROOT, "%4.0f GB/s", each.byteRate() / 1e9));
        }
    }

    private void part(StepCost step, String name, double seconds) {
        line("", "  %-30s %9.2f ms %4.0f %%", name, 1e3 * seconds, 100 * seconds / step.seconds());
    }

    private void line(String name, String format, Object... values) {
        out.printf(Locale.ROOT, "%-11s %s%n", name, String.format(Locale.ROOT, format, values));
    }

    /// 12.3 MB
    static String bytes(double count) {
        return si(count) + "B";
    }

    /// A number with a prefix: 12.3 M
    static String si(double value) {
        String prefixes = " kMGTPE";
        int power = 0;
        while (value >= 999.5 && power < prefixes.length() - 1) {
            value /= 1000;
            power++;
        }
        return String.format(
                Locale.ROOT,
                value < 9.995 ? "%.2f %s" : value < 99.95 ? "%.1f %s" : "%.0f %s",
                value,
                power == 0 ? "" : prefixes.substring(power, power + 1));
    }
}
