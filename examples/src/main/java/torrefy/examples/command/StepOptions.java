package torrefy.examples.command;

import picocli.CommandLine.Option;
import torrefy.core.memory.DataType;
import torrefy.model.architecture.Storage;

/// The options for a training step: over how much text it goes, and what it keeps in which precision.
final class StepOptions {

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Sequences per step (default: 8, or what a budget chooses).")
    Integer batch;

    @Option(
            names = "--recompute",
            description = "Keep each block's input alone and compute the block again in backward: the same model from"
                    + " less memory, in more time.")
    boolean recompute;

    @Option(
            names = "--weights",
            paramLabel = "TYPE",
            defaultValue = "f32",
            converter = StorageTypeConverter.class,
            description = "How matrices are stored: f32, or bf16 in half the bytes (default: ${DEFAULT-VALUE}).")
    private DataType weights;

    @Option(
            names = "--moments",
            paramLabel = "TYPE",
            defaultValue = "f32",
            converter = StorageTypeConverter.class,
            description = "How the optimizer's moments are stored: f32 or bf16 (default: ${DEFAULT-VALUE}).")
    private DataType moments;

    @Option(
            names = "--activations",
            paramLabel = "TYPE",
            defaultValue = "f32",
            converter = StorageTypeConverter.class,
            description = "How what forward keeps for backward is stored: f32, or bf16 in half the bytes (default:"
                    + " ${DEFAULT-VALUE}).")
    private DataType activations;

    int batch() {
        return SizeOptions.or(batch, 8);
    }

    Storage storage() {
        return new Storage(weights, moments, activations);
    }
}
