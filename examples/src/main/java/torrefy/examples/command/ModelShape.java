package torrefy.examples.command;

import picocli.CommandLine.Option;
import torrefy.core.memory.DataType;
import torrefy.model.architecture.Storage;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.plan.StepSetup;

/// The options that say what is trained, and in which steps.
public final class ModelShape {

    @Option(
            names = "--vocab",
            paramLabel = "N",
            defaultValue = "4096",
            description = "Tokens in the vocabulary (default: ${DEFAULT-VALUE}).")
    private int vocabulary;

    @Option(
            names = "--layers",
            paramLabel = "N",
            defaultValue = "4",
            description = "Transformer blocks (default: ${DEFAULT-VALUE}).")
    private int layers;

    @Option(
            names = "--width",
            paramLabel = "N",
            defaultValue = "256",
            description = "Channels per position (default: ${DEFAULT-VALUE}).")
    private int width;

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

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "8",
            description = "Sequences per step (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--accumulate",
            paramLabel = "N",
            defaultValue = "1",
            description = "Micro-batches into which a step is cut; must divide the batch (default: ${DEFAULT-VALUE}).")
    private int accumulation;

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

    /// What was asked for.
    ///
    /// @throws IllegalArgumentException if it makes no model, or options contradict each other
    StepSetup setup() {
        if (batch < 1 || accumulation < 1 || batch % accumulation != 0) {
            throw new IllegalArgumentException("--accumulate " + accumulation + " does not cut a --batch of " + batch
                    + " into equal micro-batches: it must divide it");
        }
        int split = heads == null ? Math.max(1, width / 64) : heads;
        TransformerConfig config = TransformerConfig.gpt2(vocabulary, context, layers, split, width);
        Storage storage = new Storage(weights, moments, activations);
        return new StepSetup(config, storage, batch / accumulation, accumulation, context, recompute);
    }
}
