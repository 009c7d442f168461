package torrefy.model.plan;

import java.util.Locale;

/// The two published fits to the same models. They were 70 million to 16 billion parameters large and saw 5 to 500
/// billion tokens of web text and books, in a vocabulary of 32,000: the expected loss is the refit's, and the range
/// reaches from one fit to the other, and as far beyond as models this small or tokens this few are outside.
public final class PublishedLaws implements LossModel {

    private static final double FEWEST_PARAMETERS = 70e6;
    private static final double FEWEST_TOKENS = 5e9;

    /// The refit's standard error of E.
    private static final double STANDARD_ERROR = 0.03;

    /// What is added to the range for every factor of ten outside. A choice of caution, not a measurement.
    private static final double PER_DECADE = 0.1;

    @Override
    public Prediction predict(double parameters, double tokens) {
        double first = ScalingLaw.HOFFMANN.loss(parameters, tokens);
        double second = ScalingLaw.BESIROGLU.loss(parameters, tokens);
        double margin = STANDARD_ERROR + PER_DECADE * decadesOutside(parameters, tokens);
        return new Prediction(second, Math.min(first, second) - margin, Math.max(first, second) + margin);
    }

    private static double decadesOutside(double parameters, double tokens) {
        return Math.max(0, Math.log10(FEWEST_PARAMETERS / parameters))
                + Math.max(0, Math.log10(FEWEST_TOKENS / tokens));
    }

    @Override
    public ScalingLaw law() {
        return ScalingLaw.BESIROGLU;
    }

    @Override
    public String description() {
        return String.format(
                Locale.ROOT,
                "%s (%s); the range reaches to the fit of %s, and further outside of what was fitted: models from 70"
                        + " million parameters on, 5 billion tokens on, web text, a vocabulary of 32,000. On other text"
                        + " sizes compare, losses do not: --ladder CORPUS fits the law to yours",
                law().formula(),
                law().source(),
                ScalingLaw.HOFFMANN.source());
    }
}
