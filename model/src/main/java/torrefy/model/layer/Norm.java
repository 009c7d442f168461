package torrefy.model.layer;

import torrefy.tensor.Tensor;

/// What brings each position's channels to one scale.
public sealed interface Norm permits LayerNorm, RmsNorm {

    /// The one that `config` asks for.
    static Norm of(ParameterSpace space, String name, int channels, NormConfig config) {
        return switch (config.kind()) {
            case LAYER -> new LayerNorm(space, name, channels, config.epsilon());
            case RMS -> new RmsNorm(space, name, channels, config.epsilon());
        };
    }

    /// `(…, C)`, unchanged in shape.
    Tensor forward(Tensor x);
}
