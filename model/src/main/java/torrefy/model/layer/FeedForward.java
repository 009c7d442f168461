package torrefy.model.layer;

import torrefy.core.backend.UnaryFunction;
import torrefy.tensor.Tensor;

/// Two linear maps with GELU between them, applied to each position alone: `(…, C)` to `(…, 4C)` and back.
public final class FeedForward {

    private final Linear up;
    private final Linear down;

    /// @param downDeviation of the initial values of the map back into the residual stream
    public FeedForward(ParameterSpace space, String name, int channels, float deviation, float downDeviation) {
        up = new Linear(space, name + ".c_fc", channels, 4 * channels, deviation);
        down = new Linear(space, name + ".c_proj", 4 * channels, channels, downDeviation);
    }

    /// `(…, C)`, unchanged in shape.
    ///
    /// @param residual what the result is added to; null for nothing
    public Tensor forward(Tensor x, Tensor residual) {
        return x.feedForward(up.weight(), up.bias(), UnaryFunction.GELU_TANH, down.weight(), down.bias(), residual);
    }
}
