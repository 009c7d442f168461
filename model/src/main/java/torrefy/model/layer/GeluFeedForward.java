package torrefy.model.layer;

import torrefy.core.backend.UnaryFunction;
import torrefy.tensor.Tensor;

/// Two linear maps with GELU between them, applied to each position alone: `(…, C)` to `(…, F)` and back.
public final class GeluFeedForward implements FeedForward {

    private final Linear up;
    private final Linear down;

    GeluFeedForward(ParameterSpace space, String name, int channels, FeedForwardConfig config, Deviations deviations) {
        up = new Linear(space, name + ".c_fc", channels, config.width(), config.bias(), deviations.inner());
        down = new Linear(space, name + ".c_proj", config.width(), channels, config.bias(), deviations.residual());
    }

    @Override
    public Tensor forward(Tensor x, Tensor residual) {
        return x.feedForward(up.weight(), up.bias(), UnaryFunction.GELU_TANH, down.weight(), down.bias(), residual);
    }
}
