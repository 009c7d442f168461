package torrefy.model.layer;

import java.util.List;
import torrefy.core.memory.NdArray;
import torrefy.tensor.Parameter;

/// Parameters of one kind that lie end to end in memory, so that one pass goes over all of them. Each begins at a
/// multiple of 16 elements; what lies between two is 0, weight and gradient.
///
/// @param matrices whether these are matrices and tables, or else biases and norms
/// @param weights `(N)`, `F32`, or of matrices `BF16`
/// @param gradients `(N)`, `F32`, each at its weight's place
/// @param parts which parameter lies where, in order
public record Stretch(boolean matrices, NdArray weights, NdArray gradients, List<Part> parts) {

    /// One parameter's place.
    ///
    /// @param at its first element, counted from the beginning of the stretch
    public record Part(Parameter parameter, int at) {

        /// What lies at this parameter's place in an array that is as long as the stretch, in the parameter's shape.
        public NdArray of(NdArray along) {
            int elements = parameter.shape().elements();
            return NdArray.of(along.buffer().slice(along.layout().offset() + at, elements), parameter.shape());
        }
    }

    /// N.
    public int elements() {
        return weights.elements();
    }
}
