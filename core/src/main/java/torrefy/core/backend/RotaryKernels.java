package torrefy.core.backend;

import torrefy.core.memory.NdArray;

/// Rotary position embedding: Su et al., "RoFormer", arXiv 2104.09864, equation 15.
public interface RotaryKernels {

    /// Which two elements of a head form a plane to rotate.
    enum Pairing {
        /// Element i with element i + D/2, as Llama's published weights expect.
        HALVES,
        /// Element 2i with element 2i + 1, as the paper writes it.
        NEIGHBOURS
    }

    /// Turns every pair `(x, y)` of position t by its angle: `(x·cos − y·sin, x·sin + y·cos)`; by the negative angle if
    /// `inverse`, which is the gradient.
    ///
    /// `out` and `in` have shape `(…, T, D)` with D even, innermost stride 1, any other strides; `cos` and `sin` have
    /// shape `(T, D/2)` and are contiguous. `out` may be `in`.
    void rotate(NdArray out, NdArray in, NdArray cos, NdArray sin, Pairing pairing, boolean inverse);
}
