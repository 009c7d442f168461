package torrefy.examples.command;

import java.io.PrintStream;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.DoubleFunction;
import torrefy.core.backend.ArrayMemory;
import torrefy.examples.quickstart.RunFolder;
import torrefy.model.architecture.Storage;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.plan.Budget;
import torrefy.model.plan.Calibration;
import torrefy.model.plan.CheckpointCost;
import torrefy.model.plan.FlopsFormula;
import torrefy.model.plan.Forecast;
import torrefy.model.plan.KernelCall;
import torrefy.model.plan.KernelTimes;
import torrefy.model.plan.LossModel;
import torrefy.model.plan.MemoryPlan;
import torrefy.model.plan.ParameterParts;
import torrefy.model.plan.Proposal;
import torrefy.model.plan.SpeedCurve;
import torrefy.model.plan.StepCost;
import torrefy.model.plan.StepSetup;
import torrefy.model.plan.Verification;
import torrefy.model.training.MemoryEstimate;

/// A forecast as lines of text.
final class ForecastText {

    private static final int LINES = 8;

    /// Typical runs are a few percent longer than the lower quartile on a machine at rest.
    private static final double RESTLESS = 1.25;

    private final PrintStream out;

    ForecastText(PrintStream out) {
        this.out = out;
    }

    /// @param peak the machine's measured FMA peak in FLOP/s
    /// @param where it would be trained
    void print(Forecast forecast, double peak, ArrayMemory where) {
        TransformerConfig config = forecast.setup().config();
        line(
                "model",
                "%d layers, %s, width %d, context %d, vocabulary %d",
                config.layers(),
                config.keyValueHeads() == config.heads()
                        ? config.heads() + " heads"
                        : config.heads() + " heads on " + config.keyValueHeads() + " of keys and values",
                config.width(),
                config.context(),
                config.vocabulary());
        ParameterParts parameters = ParameterParts.of(config);
        line("parameters", "%,d: %s", parameters.total(), parameters.description());
        line("FLOPs", "%s a token = %s", si(config.flopsPerToken()), FlopsFormula.of(config));
        memory(forecast, where);
        line(
                "checkpoint",
                "%s: weights and moments, written in %s at %s/s; the weights alone %s",
                bytes(forecast.checkpoint().runBytes()),
                Span.of(forecast.checkpoint().seconds()),
                bytes(forecast.checkpoint().bytesPerSecond()),
                bytes(forecast.checkpoint().modelBytes()));
        line(
                "disk",
                "%s: %d checkpoints that are kept, one that is being written, the weights",
                bytes(forecast.checkpoint().diskBytes(RunFolder.MOST_CHECKPOINTS)),
                RunFolder.MOST_CHECKPOINTS);
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

    /// Says whether what is wanted fits into the memory, or else which knobs are turned for it and what that does.
    void print(MemoryPlan plan, StepSetup wanted, ArrayMemory where) {
        String largest = where.description();
        if (plan.turned().isEmpty()) {
            line("fits", "into %s, as wanted", largest);
            return;
        }
        line(
                "too large",
                "as wanted it takes %d MB; into %s it fits with %d MB, if this is changed:",
                Math.ceilDiv(wanted.memory().bytes(where), 1 << 20),
                largest,
                Math.ceilDiv(plan.memory().bytes(where), 1 << 20));
        plan.effects(wanted).forEach(effect -> line("", "  %s", effect));
    }

    void beware(String what) {
        line("beware", "%s", what);
    }

    /// Says which model a budget is best spent on, and why it is believed.
    void print(Proposal proposal, LossModel law, Budget budget) {
        StepSetup setup = proposal.plan().setup();
        LossModel.Prediction loss = proposal.loss();
        line("budget", "%s; %s", budget.words(), budget.memory().description());
        line(
                "proposal",
                "%s parameters on %s tokens, %.0f for each; batch %d in micro-batches of %d, accumulation %d; %s",
                si(setup.config().parameters()),
                si(proposal.tokens()),
                proposal.tokens() / setup.config().parameters(),
                setup.stepSequences(),
                setup.sequences(),
                setup.accumulation(),
                knobs(setup));
        if (!proposal.plan().turned().isEmpty()) {
            line("", "%s", proposal.plan().description());
        }
        double guessing = Math.log(setup.config().vocabulary());
        line(
                "loss",
                "%.2f nats a token, from %.2f to %.2f%s, by",
                loss.nats(),
                loss.low(),
                loss.high(),
                loss.nats() > guessing
                        ? String.format(
                                Locale.ROOT,
                                " (guessing costs ln V = %.2f: for a model this small the law says which size is best,"
                                        + " not how good it is)",
                                guessing)
                        : "");
        line("", "%s", law.description());
    }

    private static String knobs(StepSetup setup) {
        Storage storage = setup.storage();
        return (setup.recompute() ? "with" : "without") + " recomputation; weights, moments, activations stored as "
                + storage.weights() + ", " + storage.moments() + ", " + storage.activations();
    }

    private void memory(Forecast forecast, ArrayMemory where) {
        MemoryEstimate memory = forecast.memory();
        StepSetup setup = forecast.setup();
        long weights = CheckpointCost.weightBytes(setup.config(), setup.storage());
        long moments = CheckpointCost.momentBytes(setup.config(), setup.storage());
        line("memory", "%s in a step; it is the sum of", bytes(memory.stepBytes()));
        part("weights", weights);
        part("gradients", memory.parameterBytes() - weights - moments);
        part("moments", moments);
        part("activations", memory.activationBytes());
        line("", "%s that holds it: %s", where.isHeap() ? "a heap" : "a device", bytes(memory.bytes(where)));
        OptionalLong resident = forecast.residentBytes();
        line(
                "",
                "the process: %s; and %s more, once a checkpoint was written, for the copy it is written from",
                resident.isEmpty()
                        ? "as much more as the garbage collector lets lie (-XX:+UseSerialGC -Xmn32m bounds it)"
                        : "at most " + bytes(resident.getAsLong()),
                bytes(forecast.checkpoint().runBytes()));
    }

    private void part(String name, long bytes) {
        line("", "  %-30s %9s", name, bytes(bytes));
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

    /// Says what speaks against these times: a machine that was not at rest, too little time to measure it.
    void doubts(KernelTimes times) {
        if (times.unrest() > RESTLESS) {
            line(
                    "beware",
                    "the machine had other work while it was measured, if only the JVM's compiler: typical runs took %.1f"
                            + " times as long as the undisturbed ones that count here",
                    times.unrest());
        }
        if (times.rough() > 0) {
            line(
                    "rough",
                    "%d kernels were measured in haste or smaller than they are: --calibration SECONDS gives"
                            + " them more",
                    times.rough());
        }
    }

    /// Says that the speed by which a model is chosen may be far too low.
    void doubts(SpeedCurve speed) {
        if (speed.isRough()) {
            line(
                    "rough",
                    "there was too little time to measure this machine, or too much else that it does: what is proposed"
                            + " may be too small; --calibration SECONDS gives it more");
        }
    }

    /// Says what was measured, and where it is kept; keeps it.
    void keep(Calibration calibration) {
        line("calibration", "%s", calibration.keep());
    }

    /// @param threads that compute
    void compare(Forecast forecast, Verification measured, int threads) {
        double predicted = forecast.step().seconds();
        line("verified", "by %,d steps on random tokens", measured.steps());
        line("", "  %-28s %12s %12s %8s", "", "predicted", "measured", "apart");
        compare("a step", predicted, measured.stepSeconds(), Span::of);
        compare("  its kernels timed anew", measured.besideSeconds(), measured.stepSeconds(), Span::of);
        line(
                "",
                "  %-28s %12s %12.0f %%",
                "  processors busy with it",
                "",
                100 * measured.processorSeconds() / (threads * measured.stepSeconds()));
        compare("in the heap for a step", forecast.memory().stepBytes(), measured.heapBytes(), ForecastText::bytes);
        OptionalLong resident = forecast.residentBytes();
        if (resident.isEmpty() || measured.residentBytes().isEmpty()) {
            line("", "  the memory of the process cannot be compared: %s", whyNot(forecast.programBytes()));
            return;
        }
        // What measured kernels may have held more.
        compare(
                "the process, at most",
                Math.max(resident.getAsLong(), measured.residentBefore().getAsLong()),
                measured.residentBytes().getAsLong(),
                ForecastText::bytes);
    }

    private static String whyNot(OptionalLong programBytes) {
        return programBytes.isPresent()
                ? "the garbage collector has no bound (-XX:+UseSerialGC -Xmn32m sets one)"
                : "this system does not tell it, or the garbage collector has no bound (-XX:+UseSerialGC -Xmn32m sets one)";
    }

    private void compare(String what, double predicted, double measured, DoubleFunction<String> text) {
        line(
                "",
                "  %-28s %12s %12s %+7.1f %%",
                what,
                text.apply(predicted),
                text.apply(measured),
                100 * (predicted / measured - 1));
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
