package torrefy.core.backend;

/// Functions of one number, applied to every element. `y = f(x)`, and `f'` written with x or y, whichever is shorter.
public enum UnaryFunction {
    /// `−x`; `f' = −1`.
    NEGATE,
    /// `eˣ`; `f' = y`.
    EXP,
    /// `ln x`; `f' = 1/x`.
    LOG,
    /// `√x`; `f' = 1/(2y)`.
    SQRT,
    /// `1/x`; `f' = −y²`.
    RECIPROCAL,
    /// `|x|`; `f' = sign x`, 0 at 0.
    ABS,
    /// `(eˣ − e⁻ˣ)/(eˣ + e⁻ˣ)`; `f' = 1 − y²`.
    TANH,
    /// `1/(1 + e⁻ˣ)`; `f' = y(1 − y)`.
    SIGMOID,
    /// `max(x, 0)`; `f' = 1` where x > 0, else 0.
    RELU,
    /// `x·Φ(x)` with Φ approximated by a tanh: `x/2·(1 + tanh(√(2/π)(x + 0.044715x³)))`. Hendrycks and Gimpel,
    /// "Gaussian error linear units", arXiv 1606.08415, section 2; the form GPT-2 uses.
    GELU_TANH,
    /// `x·Φ(x) = x/2·(1 + erf(x/√2))`; `f' = Φ(x) + x·φ(x)`. The exact form of the same paper.
    GELU_ERF,
    /// `x·σ(x)`; `f' = σ(x)(1 + x(1 − σ(x)))`. Also called swish.
    SILU
}
