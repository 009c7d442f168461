package torrefy.examples.command;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import torrefy.examples.quickstart.Architecture;
import torrefy.model.architecture.Storage;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.plan.ModelSizes;
import torrefy.model.plan.StepSetup;

/// The options that say what is trained, and in which steps.
public final class ModelShape {

    @Mixin
    private SizeOptions size;

    @Mixin
    private StepOptions step;

    @Option(
            names = "--accumulate",
            paramLabel = "N",
            description = "Micro-batches into which a step is cut; must divide the batch (default: 1).")
    private Integer accumulation;

    @Mixin
    private ArchitectureOptions architecture;

    /// What was asked for.
    ///
    /// @throws IllegalArgumentException if it makes no model, or options contradict each other
    StepSetup setup() {
        int sequences = step.batch();
        int parts = SizeOptions.or(accumulation, 1);
        if (sequences < 1 || parts < 1 || sequences % parts != 0) {
            throw new IllegalArgumentException("--accumulate " + parts + " does not cut a --batch of " + sequences
                    + " into equal micro-batches: it must divide it");
        }
        TransformerConfig config = architecture
                .architecture()
                .config(size.vocabulary(), size.context(), size.layers(), size.heads(), size.width());
        return new StepSetup(config, step.storage(), sequences / parts, parts, size.context(), step.recompute);
    }

    /// All sizes that a budget can choose from.
    ///
    /// @throws IllegalArgumentException if a size was given already
    ModelSizes sizes() {
        if (isSized()) {
            throw new IllegalArgumentException(
                    "a budget (--hours, --dollars) proposes a GPT-2 and its steps: leave out --layers, --width,"
                            + " --heads, --batch, --accumulate, --recompute, --architecture and storage types, or the"
                            + " budget");
        }
        return new ModelSizes(size.vocabulary(), size.context());
    }

    /// Whether an option says anything of the model, or of its steps, that a budget would choose.
    boolean isSized() {
        return size.layers != null
                || size.width != null
                || size.heads != null
                || step.batch != null
                || accumulation != null
                || step.recompute
                || !step.storage().equals(Storage.F32)
                || !architecture.architecture().equals(Architecture.gpt2());
    }
}
