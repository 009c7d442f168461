package torrefy.core.backend;

import torrefy.core.memory.NdArray;

/// Softmax over the innermost axis, rows `(N, V)`. All arrays are contiguous and of one shape.
public interface SoftmaxKernels {

    /// `out[n, v] = exp(in[n, v] − m) / Σᵥ exp(in[n, v] − m)` with `m = maxᵥ in[n, v]`. `out` may be `in`.
    void softmax(NdArray out, NdArray in);

    /// `dIn = out ⊙ (dOut − Σᵥ dOut ⊙ out)`, added to `dIn` if `accumulate`. `dIn` may be `dOut`.
    void softmaxGradient(NdArray dIn, NdArray out, NdArray dOut, boolean accumulate);

    /// `out[n, v] = in[n, v] − m − ln Σᵥ exp(in[n, v] − m)`. `out` may be `in`.
    void logSoftmax(NdArray out, NdArray in);

    /// `dIn = dOut − exp(out)·Σᵥ dOut`, added to `dIn` if `accumulate`. `dIn` may be `dOut`.
    void logSoftmaxGradient(NdArray dIn, NdArray out, NdArray dOut, boolean accumulate);
}
