package torrefy.model.layer;

import torrefy.tensor.Tensor;

/// The part of a block that works on each position alone, by way of a wider row of F channels.
public sealed interface FeedForward permits GeluFeedForward, SwiGluFeedForward {

    /// The one that `config` asks for.
    ///
    /// @param deviations of the initial values
    static FeedForward of(
            ParameterSpace space, String name, int channels, FeedForwardConfig config, Deviations deviations) {
        return switch (config.kind()) {
            case GELU -> new GeluFeedForward(space, name, channels, config, deviations);
            case SWIGLU -> new SwiGluFeedForward(space, name, channels, config, deviations);
        };
    }

    /// `(…, C)`, unchanged in shape.
    ///
    /// @param residual what the result is added to; null for nothing
    Tensor forward(Tensor x, Tensor residual);
}
