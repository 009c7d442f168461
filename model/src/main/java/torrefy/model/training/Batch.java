package torrefy.model.training;

import torrefy.core.backend.Backend;
import torrefy.tensor.Segments;
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

    /// How the sequences are cut so that nothing looks beyond its document.
    ///
    /// @param documentStart the token that every document begins with
    /// @return null for [TrainingSettings#ACROSS_DOCUMENTS]
    public Segments documents(int documentStart) {
        return documentStart == TrainingSettings.ACROSS_DOCUMENTS
                ? null
                : Segments.before(documentStart, inputs, sequences, length);
    }

    /// Number of tokens, B·T.
    public int tokens() {
        return sequences * length;
    }
}
