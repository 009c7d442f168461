package torrefy.core.backend;

import torrefy.core.memory.NdArray;

/// Causal scaled dot-product attention: Vaswani et al., "Attention is all you need", arXiv 1706.03762, equation 1, with
/// every position blind to those after it.
///
/// Queries have shape `(B, H, T, D)`, keys and values `(B, G, S, D)` with `S ≥ T`: the queries are the last T of S
/// positions (a cache holds the ones before). H is a multiple of G, and `g = ⌊h·G/H⌋`: each head of keys and values is
/// read by a group of H/G heads of queries, which may be one. Ainslie et al., "GQA", arXiv 2305.13245. The innermost
/// stride is 1; the other strides are free, so that all three are read where the projection left them.
public interface AttentionKernels {

    /// `out[b, h, t, :] = Σₛ softmaxₛ(scale·q[b, h, t, :]·k[b, g, s, :])·v[b, g, s, :]` over `s ≤ t + S − T`.
    ///
    /// `out` has shape `(B, H, T, D)` and innermost stride 1. `logSumExp` of shape `(B, H, T)`, contiguous, receives
    /// `ln Σₛ exp(scale·q·k)`, with which backward recomputes a probability from its score alone.
    void causalAttention(NdArray out, NdArray logSumExp, NdArray q, NdArray k, NdArray v, float scale);

    /// With `P = exp(scale·q·kᵀ − logSumExp)`, `dP = dOut·vᵀ` and `dS = P ⊙ (dP − Σ dOut ⊙ out)`: `dQ = scale·dS·k`,
    /// `dK = Σ scale·dSᵀ·q`, `dV = Σ Pᵀ·dOut`, summed over the heads of a group. All three are assigned, have the
    /// shapes of q, k, v and innermost stride 1.
    void causalAttentionGradient(
            NdArray dQ,
            NdArray dK,
            NdArray dV,
            NdArray dOut,
            NdArray out,
            NdArray logSumExp,
            NdArray q,
            NdArray k,
            NdArray v,
            float scale);
}
