package torrefy.model.optimizer;

import java.util.List;
import torrefy.core.backend.Backend;
import torrefy.core.memory.NdArray;
import torrefy.model.layer.ParameterSpace;
import torrefy.model.layer.Stretch;

/// The length of all gradients taken as one vector, and clipping by it: Pascanu, Mikolov, Bengio, "On the difficulty of
/// training recurrent neural networks", arXiv 1211.5063, algorithm 1.
public final class GradientNorm {

    private GradientNorm() {}

    /// `√(Σ g²)` over all parameters; not finite if any gradient is not.
    public static double of(ParameterSpace parameters) {
        double sum = 0;
        for (Stretch stretch : parameters.stretches()) {
            sum += parameters.backend().reduction().sumOfSquares(stretch.gradients());
        }
        return Math.sqrt(sum);
    }

    /// The factor that brings a gradient of length `norm` down to `limit`; 1 if it is not longer.
    public static float clip(double norm, double limit) {
        return norm > limit ? (float) (limit / norm) : 1;
    }

    /// What clipping found, in the backend's memory.
    ///
    /// @param norm one number, the gradient's length
    /// @param factor one number, by which the gradient is to be multiplied; NaN if the norm is not finite
    public record Clipping(NdArray norm, NdArray factor) {}

    /// Finds norm and factor and waits for neither.
    public static void clip(Clipping clipping, ParameterSpace parameters, float limit) {
        List<NdArray> gradients =
                parameters.stretches().stream().map(Stretch::gradients).toList();
        Backend backend = parameters.backend();
        backend.optimizer().clip(clipping.norm, clipping.factor, gradients, limit, backend.reduction());
    }
}
