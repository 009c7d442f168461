package torrefy.model.layer;

/// Which normalization stands before each part of a block and at the end.
///
/// @param epsilon added to the variance, or the mean square, before the root
public record NormConfig(Kind kind, float epsilon) {

    public enum Kind {
        /// To mean 0 and variance 1: [LayerNorm].
        LAYER,
        /// To mean square 1: [RmsNorm].
        RMS
    }

    public NormConfig {
        if (!(epsilon > 0 && epsilon < 1)) {
            throw new IllegalArgumentException("the norm's epsilon must be between 0 and 1, got " + epsilon);
        }
    }

    /// The parameters of one of them over `channels`.
    public ParameterCount count(int channels) {
        return switch (kind) {
            case LAYER -> ParameterCount.vector(channels).times(2);
            case RMS -> ParameterCount.vector(channels);
        };
    }

    /// GPT-2's.
    public static NormConfig layer() {
        return new NormConfig(Kind.LAYER, 1e-5f);
    }

    /// Llama's.
    public static NormConfig rms() {
        return new NormConfig(Kind.RMS, 1e-5f);
    }
}
