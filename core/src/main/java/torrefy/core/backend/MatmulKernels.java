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

    /// `out = residual + bias + a·b`, all of shape `(m, n)` but `bias`, `(n)`, which may be null. `residual` has stride
    /// 1 along its last axis.
    ///
    /// This body is the definition; a backend overrides it to save passes over memory.
    default void matmulResidual(
            NdArray out, NdArray a, NdArray b, NdArray bias, NdArray residual, ElementwiseKernels elementwise) {
        elementwise.copy(out, residual);
        if (bias != null) {
            elementwise.accumulate(out, bias.with(bias.layout().broadcastTo(out.shape())), 1);
        }
        matmul(out, a, b, true);
    }

    /// `inner = bias + a·b` and `out = f(inner)`, of shape `(m, n)`, both contiguous; `bias`, `(n)`, may be null.
    ///
    /// This body is the definition; a backend overrides it to apply `f` while a block of `inner` is in the cache.
    default void matmulActivated(
            NdArray out,
            NdArray inner,
            NdArray a,
            NdArray b,
            NdArray bias,
            UnaryFunction f,
            ElementwiseKernels elementwise) {
        if (bias == null) {
            matmul(inner, a, b, false);
        } else {
            matmulBias(inner, a, b, bias, elementwise);
        }
        elementwise.unary(f, out, inner);
    }

    /// `dInner = (a·b) ⊙ f'(inner)`, of shape `(m, n)`, both contiguous: what a gradient `a·b` of `f(inner)` means for
    /// `inner`. `f` is one whose derivative is a function of its argument alone: GELU, SiLU, ReLU.
    ///
    /// This body is the definition; a backend overrides it to save a pass over memory.
    default void matmulActivationGradient(
            NdArray dInner, NdArray a, NdArray b, NdArray inner, UnaryFunction f, ElementwiseKernels elementwise) {
        matmul(dInner, a, b, false);
        elementwise.unaryGradient(f, dInner, inner, inner, dInner, false);
    }
}
