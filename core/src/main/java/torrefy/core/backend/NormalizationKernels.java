package torrefy.core.backend;

import torrefy.core.memory.NdArray;

/// Normalization of rows `(N, C)` over their C elements. All arrays are contiguous.
public interface NormalizationKernels {

    /// `out = (in − μ)·r·weight + bias` with `μ = mean(in)`, `r = 1/√(mean((in − μ)²) + epsilon)` of the row; `mean`
    /// and
    /// `rstd` of shape `(N)` receive μ and r. `weight` and `bias` have shape `(C)`. Ba, Kiros, Hinton, "Layer
    /// normalization", arXiv 1607.06450.
    void layerNorm(NdArray out, NdArray mean, NdArray rstd, NdArray in, NdArray weight, NdArray bias, float epsilon);

    /// With `x̂ = (in − μ)·r` and `g = dOut ⊙ weight`:
    /// `dIn = r·(g − mean(g) − x̂·mean(g ⊙ x̂))`, added to `dIn` if `accumulate`;
    /// `dWeight += Σₙ dOut ⊙ x̂`; `dBias += Σₙ dOut`.
    /// Each of `dIn`, `dWeight`, `dBias` may be null if it is not wanted.
    void layerNormGradient(
            NdArray dIn,
            NdArray dWeight,
            NdArray dBias,
            NdArray dOut,
            NdArray in,
            NdArray mean,
            NdArray rstd,
            NdArray weight,
            boolean accumulate);

    /// `out = in·r·weight` with `r = 1/√(mean(in²) + epsilon)`; `rstd` of shape `(N)` receives r. Zhang and Sennrich,
    /// "Root mean square layer normalization", arXiv 1910.07467.
    void rmsNorm(NdArray out, NdArray rstd, NdArray in, NdArray weight, float epsilon);

    /// With `x̂ = in·r` and `g = dOut ⊙ weight`: `dIn = r·(g − x̂·mean(g ⊙ x̂))`, added to `dIn` if `accumulate`;
    /// `dWeight += Σₙ dOut ⊙ x̂`. Each of `dIn` and `dWeight` may be null if it is not wanted.
    void rmsNormGradient(
            NdArray dIn, NdArray dWeight, NdArray dOut, NdArray in, NdArray rstd, NdArray weight, boolean accumulate);
}
