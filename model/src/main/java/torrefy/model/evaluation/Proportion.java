package torrefy.model.evaluation;

/// How often something came true, and how sure that is.
///
/// @param hits how often it came true
/// @param tries out of how many
public record Proportion(int hits, int tries) {

    /// The 0.975 quantile of the normal distribution: 95 % lie within so many deviations.
    private static final double DEVIATIONS = 1.959963984540054;

    public Proportion {
        if (hits < 0 || tries < 1 || hits > tries) {
            throw new IllegalArgumentException("a proportion needs 0 <= hits <= tries, got " + hits + " of " + tries);
        }
    }

    public double share() {
        return (double) hits / tries;
    }

    /// The lower end of the 95 % interval.
    public double low() {
        return Math.max(0, centre() - halfWidth());
    }

    /// The upper end of the 95 % interval.
    public double high() {
        return Math.min(1, centre() + halfWidth());
    }

    /// `(p + z²/2n) / (1 + z²/n)`. Wilson, "Probable inference, the law of succession, and statistical inference",
    /// 1927; unlike the share plus and minus its deviations, it holds for shares near 0 and 1 and few tries.
    private double centre() {
        double z2 = DEVIATIONS * DEVIATIONS;
        return (share() + z2 / (2 * tries)) / (1 + z2 / tries);
    }

    /// `z·√(p(1 − p)/n + z²/4n²) / (1 + z²/n)`.
    private double halfWidth() {
        double z2 = DEVIATIONS * DEVIATIONS;
        double p = share();
        double root = Math.sqrt(p * (1 - p) / tries + z2 / (4.0 * tries * tries));
        return DEVIATIONS * root / (1 + z2 / tries);
    }
}
