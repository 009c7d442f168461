package torrefy.model.plan;

import torrefy.model.architecture.Storage;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.training.MemoryEstimate;

/// What decides what a training step takes of time and memory.
///
/// @param config of the model
/// @param storage of weights, moments and activations
/// @param sequences in a micro-batch: what is computed at once, and lies in memory at once
/// @param accumulation micro-batches in a step, whose gradients are averaged
/// @param length of a sequence, in tokens
/// @param recompute whether blocks are computed a second time in backward instead of keeping their activations
public record StepSetup(
        TransformerConfig config, Storage storage, int sequences, int accumulation, int length, boolean recompute) {

    public StepSetup {
        if (sequences < 1 || accumulation < 1) {
            throw new IllegalArgumentException(
                    "a step needs at least 1 sequence and 1 micro-batch, got " + sequences + " and " + accumulation);
        }
        if (length < 1 || length > config.context()) {
            throw new IllegalArgumentException("a sequence must have from 1 to " + config.context()
                    + " tokens, the model's context; got " + length);
        }
        if ((long) sequences * accumulation * length > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a step of " + sequences + " x " + accumulation + " sequences of "
                    + length + " tokens is too large: it may have 2^31 - 1 tokens");
        }
    }

    /// A step of one batch, stored as `F32`, on sequences as long as the context.
    public static StepSetup of(TransformerConfig config, int sequences) {
        return new StepSetup(config, Storage.F32, sequences, 1, config.context(), false);
    }

    /// The same steps of another model.
    public StepSetup withConfig(TransformerConfig other) {
        return new StepSetup(other, storage, sequences, accumulation, length, recompute);
    }

    /// Sequences in all micro-batches.
    public int stepSequences() {
        return sequences * accumulation;
    }

    /// Tokens that the model is trained on in a step.
    public int tokens() {
        return sequences * accumulation * length;
    }

    /// What the step takes of memory.
    public MemoryEstimate memory() {
        return MemoryEstimate.of(config, storage, sequences, length, recompute);
    }
}
