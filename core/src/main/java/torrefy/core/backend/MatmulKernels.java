package torrefy.core.backend;

import torrefy.core.memory.NdArray;

/// Matrix products. All arrays are `F32`, but `b`, where weights stand, may be `BF16`; it is read as the floats it
/// means.
public interface MatmulKernels {

    /// `out[…, i, j] = Σₚ a[…, i, p]·b[…, p, j]`, added to `out` if `accumulate`.
    ///
    /// Shapes `(…, m, k)`, `(…, k, n)`, `(…, m, n)`; the axes in front are equal in all three (an operand that is
    /// shared by the whole batch has stride 0 there). Of the last two axes of `a` and `b` one may have any stride if
    /// the other has stride 1: a transposed operand is read where it lies. `out` has stride 1 along its last axis and
    /// overlaps no operand. `k = 0` gives zeros.
    void matmul(NdArray out, NdArray a, NdArray b, boolean accumulate);

    /// `out[…, i, j] = bias[j] + Σₚ a[…, i, p]·b[…, p, j]` with `bias` of shape `(n)`.
    ///
    /// This body is the definition; a backend overrides it to save a pass over memory.
    default void matmulBias(NdArray out, NdArray a, NdArray b, NdArray bias, ElementwiseKernels elementwise) {
        elementwise.copy(out, bias.with(bias.layout().broadcastTo(out.shape())));
        matmul(out, a, b, true);
    }
}
