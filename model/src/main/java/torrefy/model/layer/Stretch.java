package torrefy.model.layer;

import torrefy.core.memory.NdArray;

/// Parameters of one kind that lie end to end in memory, so that one pass goes over all of them. Each begins at a
/// multiple of 16 elements; what lies between two is 0, weight and gradient.
///
/// @param matrices whether these are matrices and tables, or else biases and norms
/// @param weights `(N)`, `F32`, or of matrices `BF16`
/// @param gradients `(N)`, `F32`, each at its weight's place
public record Stretch(boolean matrices, NdArray weights, NdArray gradients) {

    /// N.
    public int elements() {
        return weights.elements();
    }
}
