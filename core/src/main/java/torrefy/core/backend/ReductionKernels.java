package torrefy.core.backend;

import torrefy.core.memory.NdArray;

/// Kernels that make fewer numbers of many.
///
/// `out` has the rank of `in`, and size 1 along every axis that is reduced. Any strides may be read; `out` is
/// contiguous. The order in which numbers are added depends on the shape alone.
public interface ReductionKernels {

    /// `out = Σ in` over the reduced axes, added to `out` if `accumulate`.
    void sum(NdArray out, NdArray in, boolean accumulate);

    /// `out = max in` over the reduced axes; NaN if any element is NaN. No reduced axis may be empty.
    void max(NdArray out, NdArray in);

    /// `Σ in²` over all elements, added in double precision. `in` is contiguous.
    double sumOfSquares(NdArray in);

    /// Whether no element is NaN or infinite. `in` is contiguous.
    boolean allFinite(NdArray in);
}
