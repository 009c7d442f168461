package torrefy.core.backend;

import java.util.List;
import torrefy.core.memory.NdArray;
import torrefy.core.random.RandomKey;
import torrefy.core.random.RoundingBits;

/// The update of parameters from their gradients. All arrays are contiguous and of one shape: meant are long flat ones
/// that hold many parameters end to end, because an update is bound by memory and a call should be one pass over it.
public interface OptimizerKernels {

    /// What one AdamW step needs beside the arrays.
    ///
    /// @param learningRate η
    /// @param beta1 β₁, the decay of the first moment
    /// @param beta2 β₂, the decay of the second moment
    /// @param epsilon ε, added to the root of the second moment
    /// @param weightDecay λ
    /// @param gradientScale s, by which gradients are multiplied first: clipping
    /// @param step t, from 1
    /// @param rounding names the random bits by which `BF16` arrays are rounded; other ones each step, and for each
    ///     stretch of memory
    record AdamWStep(
            float learningRate,
            float beta1,
            float beta2,
            float epsilon,
            float weightDecay,
            float gradientScale,
            int step,
            RandomKey rounding) {

        /// For arrays of which none is `BF16`.
        public AdamWStep(
                float learningRate,
                float beta1,
                float beta2,
                float epsilon,
                float weightDecay,
                float gradientScale,
                int step) {
            this(learningRate, beta1, beta2, epsilon, weightDecay, gradientScale, step, RandomKey.of(0));
        }

        /// By what the weights are rounded: element i by `at(i)`.
        public RoundingBits weightRounding() {
            return RoundingBits.of(rounding.derive(0));
        }

        /// By what the first moments are rounded.
        public RoundingBits mRounding() {
            return RoundingBits.of(rounding.derive(1));
        }

        /// By what the second moments are rounded.
        public RoundingBits vRounding() {
            return RoundingBits.of(rounding.derive(2));
        }

        /// `1 − β₁ᵗ`
        public float correction1() {
            return (float) (1 - Math.pow(beta1, step));
        }

        /// `1 − β₂ᵗ`
        public float correction2() {
            return (float) (1 - Math.pow(beta2, step));
        }
    }

    /// Clipping, moments, decay, the step and the gradient's zeroing, for every element alike:
    ///
    /// ```
    /// g = s·gradient
    /// m = β₁m + (1 − β₁)g
    /// v = β₂v + (1 − β₂)g²
    /// w = w − η·λ·w − η·(m/(1 − β₁ᵗ)) / (√(v/(1 − β₂ᵗ)) + ε)
    /// gradient = 0
    /// ```
    ///
    /// Loshchilov and Hutter, "Decoupled weight decay regularization", arXiv 1711.05101, algorithm 2. The gradient is
    /// left ready to be added to.
    ///
    /// Each of `weights`, `m` and `v` may be `BF16`, whichever the others are. The formula is computed in `F32` all the
    /// same; only what is stored is rounded, stochastically ([torrefy.core.memory.Bfloat16#fromFloat(float, int)]): a
    /// moment that keeps 999 thousandths of itself, rounded to the nearest, would never move, and neither would a
    /// weight
    /// when the learning rate is low. The bits depend on key and position alone.
    ///
    /// Where weight, gradient and moments are all 0 they stay 0: the gaps between
    /// parameters.
    ///
    /// @param factor one number in the same memory, by which the gradient is multiplied beside s: what [#clip] found.
    ///     Null means 1. If it is NaN nothing changes, the gradient included
    void adamW(NdArray weights, NdArray gradient, NdArray m, NdArray v, NdArray factor, AdamWStep step);

    /// The same with a factor of 1.
    default void adamW(NdArray weights, NdArray gradient, NdArray m, NdArray v, AdamWStep step) {
        adamW(weights, gradient, m, v, null, step);
    }

    /// The length of all `gradients` taken as one vector, `norm = √(Σ g²)`, and the `factor` that brings it down to
    /// `limit`: `min(1, limit/norm)`, NaN if the norm is not finite. Both are single numbers, in the same memory as the
    /// gradients: nobody has to wait until they are known. Pascanu, Mikolov, Bengio, "On the difficulty of training
    /// recurrent neural networks", arXiv 1211.5063, algorithm 1.
    ///
    /// This body serves arrays in the Java heap.
    default void clip(NdArray norm, NdArray factor, List<NdArray> gradients, float limit, ReductionKernels reduction) {
        double sum = 0;
        for (NdArray gradient : gradients) {
            sum += reduction.sumOfSquares(gradient);
        }
        double length = Math.sqrt(sum);
        norm.floats()[norm.start()] = (float) length;
        factor.floats()[factor.start()] =
                !Double.isFinite(length) ? Float.NaN : length > limit ? (float) (limit / length) : 1;
    }
}
