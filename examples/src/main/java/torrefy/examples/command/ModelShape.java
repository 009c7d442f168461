package torrefy.examples.command;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import torrefy.core.memory.DataType;
import torrefy.examples.quickstart.Architecture;
import torrefy.model.architecture.Storage;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.plan.ModelSizes;
import torrefy.model.plan.StepSetup;

/// The options that say what is trained, and in which steps.
public final class ModelShape {

    private static final int HEAD_SIZE = 64;

    @Option(
            names = "--vocab",
            paramLabel = "N",
            defaultValue = "4096",
            description = "Tokens in the vocabulary (default: ${DEFAULT-VALUE}).")
    private int vocabulary;

    @Option(names = "--layers", paramLabel = "N", description = "Transformer blocks (default: 4).")
    private Integer layers;

    @Option(names = "--width", paramLabel = "N", description = "Channels per position (default: 256).")
    private Integer width;

    @Option(
            names = "--heads",
            paramLabel = "N",
            description = "Attention heads; must divide the width (default: one for every 64 channels).")
    private Integer heads;

    @Option(
            names = "--context",
            paramLabel = "N",
            defaultValue = "256",
            description = "Tokens the model looks back on (default: ${DEFAULT-VALUE}).")
    private int context;

    @Option(names = "--batch", paramLabel = "N", description = "Sequences per step (default: 8).")
    private Integer batch;

    @Option(
            names = "--accumulate",
            paramLabel = "N",
            description = "Micro-batches into which a step is cut; must divide the batch (default: 1).")
    private Integer accumulation;

    @Option(names = "--recompute", description = "Compute blocks again in backward instead of keeping activations.")
    private boolean recompute;

    @Option(
            names = "--weights",
            paramLabel = "TYPE",
            defaultValue = "f32",
            converter = StorageTypeConverter.class,
            description = "How matrices are stored, f32 or bf16 (default: ${DEFAULT-VALUE}).")
    private DataType weights;

    @Option(
            names = "--moments",
            paramLabel = "TYPE",
            defaultValue = "f32",
            converter = StorageTypeConverter.class,
            description = "How the optimizer's moments are stored, f32 or bf16 (default: ${DEFAULT-VALUE}).")
    private DataType moments;

    @Option(
            names = "--activations",
            paramLabel = "TYPE",
            defaultValue = "f32",
            converter = StorageTypeConverter.class,
            description = "How what forward keeps is stored, f32 or bf16 (default: ${DEFAULT-VALUE}).")
    private DataType activations;

    @Mixin
    private ArchitectureOptions architecture;

    /// What was asked for.
    ///
    /// @throws IllegalArgumentException if it makes no model, or options contradict each other
    StepSetup setup() {
        int channels = or(width, 256);
        int sequences = or(batch, 8);
        int parts = or(accumulation, 1);
        if (sequences < 1 || parts < 1 || sequences % parts != 0) {
            throw new IllegalArgumentException("--accumulate " + parts + " does not cut a --batch of " + sequences
                    + " into equal micro-batches: it must divide it");
        }
        int split = or(heads, Math.max(1, channels / HEAD_SIZE));
        TransformerConfig config =
                architecture.architecture().config(vocabulary, context, or(layers, 4), split, channels);
        Storage storage = new Storage(weights, moments, activations);
        return new StepSetup(config, storage, sequences / parts, parts, context, recompute);
    }

    private static int or(Integer given, int standard) {
        return given == null ? standard : given;
    }

    /// All sizes that a budget can choose from.
    ///
    /// @throws IllegalArgumentException if a size was given already
    ModelSizes sizes() {
        boolean stored = weights != DataType.F32 || moments != DataType.F32 || activations != DataType.F32;
        if (layers != null
                || width != null
                || heads != null
                || batch != null
                || accumulation != null
                || recompute
                || stored
                || !architecture.architecture().equals(Architecture.gpt2())) {
            throw new IllegalArgumentException(
                    "a budget (--hours, --dollars, --memory) proposes a GPT-2 and its steps: leave out --layers, --width,"
                            + " --heads, --batch, --accumulate, --recompute, --architecture and storage types, or the"
                            + " budget");
        }
        return new ModelSizes(vocabulary, context);
    }

    int vocabulary() {
        return vocabulary;
    }
}
