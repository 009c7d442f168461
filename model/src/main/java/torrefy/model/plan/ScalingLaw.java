package torrefy.model.plan;

import java.util.Locale;

/// The loss of a language model of N parameters trained on D tokens: `L(N, D) = E + A/N^α + B/D^β`, in nats a token.
/// Hoffmann et al., "Training compute-optimal large language models" (Chinchilla), arXiv 2203.15556, equation 2.
///
/// E is what no model gets below, the entropy of the text; the second term is what a model this small misses, the third
/// what it could not learn from so little text. All of them depend on the text and on what a token of it is.
///
/// @param irreducible E
/// @param a A
/// @param b B
/// @param alpha α
/// @param beta β
/// @param source where the constants come from
public record ScalingLaw(double irreducible, double a, double b, double alpha, double beta, String source) {

    /// The constants of the paper's third approach, appendix D.3.
    public static final ScalingLaw HOFFMANN =
            new ScalingLaw(1.69, 406.4, 410.7, 0.34, 0.28, "Hoffmann et al. 2022, arXiv 2203.15556");

    /// The same data fitted again: what the paper printed was rounded, and its fit had stopped too early.
    public static final ScalingLaw BESIROGLU =
            new ScalingLaw(1.8172, 482.01, 2085.43, 0.3478, 0.3658, "Besiroglu et al. 2024, arXiv 2404.10102");

    public ScalingLaw {
        if (!(irreducible >= 0 && a >= 0 && b >= 0 && alpha > 0 && beta > 0)) {
            throw new IllegalArgumentException("a scaling law needs E, A, B of at least 0 and exponents above 0, got "
                    + irreducible + ", " + a + ", " + b + ", " + alpha + ", " + beta);
        }
    }

    /// `E + A/N^α + B/D^β`
    public double loss(double parameters, double tokens) {
        return irreducible + a * Math.pow(parameters, -alpha) + b * Math.pow(tokens, -beta);
    }

    /// The tokens at which a model of N parameters is trained best, if a token costs `6·N` FLOPs: where a little more
    /// of either takes off as much. From `α·A/N^α = β·B/D^β` follows `D = (β·B/(α·A) · N^α)^(1/β)`.
    public double bestTokens(double parameters) {
        return Math.pow(beta * b / (alpha * a) * Math.pow(parameters, alpha), 1 / beta);
    }

    /// The formula with its numbers.
    public String formula() {
        return String.format(Locale.ROOT, "L(N, D) = %.4g + %.4g/N^%.4g + %.4g/D^%.4g", irreducible, a, alpha, b, beta);
    }
}
