package torrefy.model.plan;

/// Says how good a model will be before it is trained, and how sure that is.
public sealed interface LossModel permits PublishedLaws, FittedLaw, RepeatedText {

    /// A loss and the range in which it may well lie instead.
    ///
    /// @param nats a token, expected
    /// @param low the lower end
    /// @param high the upper end
    record Prediction(double nats, double low, double high) {}

    /// The loss of a model of `parameters` trained once over `tokens`.
    Prediction predict(double parameters, double tokens);

    /// The law behind it.
    ScalingLaw law();

    /// In a line: which law, from where, what its range means.
    String description();
}
