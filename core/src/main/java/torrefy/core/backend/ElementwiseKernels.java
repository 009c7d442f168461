package torrefy.core.backend;

import torrefy.core.memory.NdArray;

/// Kernels that treat every element alike.
///
/// All arrays are `F32` unless said otherwise, all operands have the shape of `out`, and any strides may be read,
/// 0 included: broadcasting is done by the caller, in the layout. `out` may be an operand itself (the very same
/// layout); it must not overlap one otherwise, nor have a stride of 0 along an axis longer than 1.
public interface ElementwiseKernels {

    /// `out = value`. `out` may also be `I32`; the value is then cut to a whole number.
    void fill(NdArray out, float value);

    /// `out = in`, converting between `F32` and `BF16` (rounding to nearest, ties to even) where the types differ. Two
    /// `I32` arrays may be copied too.
    void copy(NdArray out, NdArray in);

    /// `out = scale·in + shift`
    void affine(NdArray out, NdArray in, float scale, float shift);

    /// `out += scale·in`
    void accumulate(NdArray out, NdArray in, float scale);

    /// `out = f(in)`
    void unary(UnaryFunction f, NdArray out, NdArray in);

    /// `dIn = dOut·f'(in)`, added to `dIn` if `accumulate`. `out` holds `f(in)`.
    void unaryGradient(UnaryFunction f, NdArray dIn, NdArray in, NdArray out, NdArray dOut, boolean accumulate);

    /// `out = f(a, b)`
    void binary(BinaryFunction f, NdArray out, NdArray a, NdArray b);

    /// `out = a` where `condition` is not 0, else `b`.
    void where(NdArray out, NdArray condition, NdArray a, NdArray b);
}
