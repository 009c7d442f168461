package torrefy.core.backend;

import torrefy.core.memory.NdArray;

/// The negative log-likelihood of one target per row. Logits are contiguous `(N, V)`, targets `I32` `(N)`.
public interface CrossEntropyKernels {

    /// `loss[n] = logSumExp[n] − logits[n, targets[n]]`, 0 where the target is `ignore`;
    /// `logSumExp[n] = ln Σᵥ exp(logits[n, v])`. Both have shape `(N)`.
    void crossEntropy(NdArray loss, NdArray logSumExp, NdArray logits, NdArray targets, int ignore);

    /// `dLogits[n, v] = dLoss[n]·(exp(logits[n, v] − logSumExp[n]) − [v = targets[n]])`, a row of zeros where the
    /// target
    /// is `ignore`; added to `dLogits` if `accumulate`. `dLogits` may be `logits`.
    void crossEntropyGradient(
            NdArray dLogits,
            NdArray dLoss,
            NdArray logits,
            NdArray logSumExp,
            NdArray targets,
            int ignore,
            boolean accumulate);
}
