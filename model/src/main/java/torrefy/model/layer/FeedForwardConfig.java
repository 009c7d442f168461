package torrefy.model.layer;

/// The shape of the feed-forward network of a block.
///
/// @param width F, channels inside
/// @param kind what happens inside
/// @param bias whether its maps have biases
public record FeedForwardConfig(int width, Kind kind, boolean bias) {

    /// What is between the map up to F channels and the map down.
    public enum Kind {
        /// GELU, in the tanh form of GPT-2.
        GELU,
        /// SiLU of one map's result is the gate for another's: Shazeer, "GLU variants improve transformer", arXiv
        /// 2002.05202; as in Llama.
        SWIGLU
    }

    public FeedForwardConfig {
        Require.atLeast(1, width, "feed-forward width");
    }

    /// The parameters of it in a model of width `channels`.
    public ParameterCount count(int channels) {
        int maps = switch (kind) {
            case GELU -> 1;
            case SWIGLU -> 2;
        };
        return ParameterCount.linear(channels, width, bias)
                .times(maps)
                .plus(ParameterCount.linear(width, channels, bias));
    }

    /// GPT-2's.
    public static FeedForwardConfig gelu(int width) {
        return new FeedForwardConfig(width, Kind.GELU, true);
    }

    /// Llama's.
    public static FeedForwardConfig swiGlu(int width) {
        return new FeedForwardConfig(width, Kind.SWIGLU, false);
    }
}
