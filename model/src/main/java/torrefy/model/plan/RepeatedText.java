package torrefy.model.plan;

/// A law for a text that is read more than once. A token read again teaches less than a new one, and after some sixteen
/// times hardly anything: D tokens of a text of U are worth
///
/// `D' = U + U·R*·(1 − exp(−R/R*))`, with `R = D/U − 1` repetitions and `R* = 15.39`
///
/// new ones. Muennighoff et al., "Scaling data-constrained language models", arXiv 2305.16264, section 3.1; R* is in
/// appendix A.
///
/// @param newText the law for text that is read once
/// @param unique U, the tokens there are
public record RepeatedText(LossModel newText, double unique) implements LossModel {

    private static final double DECAY = 15.387756;

    public RepeatedText {
        if (!(unique >= 1)) {
            throw new IllegalArgumentException("a text must have at least 1 token, got " + unique);
        }
    }

    /// D'
    double worth(double tokens) {
        double repetitions = Math.max(0, tokens / unique - 1);
        return Math.min(tokens, unique) + unique * DECAY * (1 - Math.exp(-repetitions / DECAY));
    }

    @Override
    public Prediction predict(double parameters, double tokens) {
        return newText.predict(parameters, worth(tokens));
    }

    @Override
    public ScalingLaw law() {
        return newText.law();
    }

    @Override
    public String description() {
        return newText.description() + "; what is read again counts less, by arXiv 2305.16264";
    }
}
