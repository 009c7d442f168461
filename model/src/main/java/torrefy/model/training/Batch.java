package torrefy.model.training;

import torrefy.core.backend.Backend;
import torrefy.tensor.Tensor;

/// B sequences of T tokens, and for each token the one that follows it.
///
/// @param inputs row-major `(B, T)`
/// @param targets row-major `(B, T)`
public record Batch(int[] inputs, int[] targets, int sequences, int length) {

    /// A batch to be filled by [Batches#read].
    public static Batch empty(int sequences, int length) {
        return new Batch(new int[sequences * length], new int[sequences * length], sequences, length);
    }

    /// The inputs as an `I32` tensor `(B, T)`.
    public Tensor inputTensor(Backend backend) {
        return Tensor.of(backend, inputs, sequences, length);
    }

    /// The targets as an `I32` tensor `(B, T)`.
    public Tensor targetTensor(Backend backend) {
        return Tensor.of(backend, targets, sequences, length);
    }

    /// Number of tokens, B·T.
    public int tokens() {
        return sequences * length;
    }
}
