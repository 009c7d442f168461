package torrefy.model.layer;

import torrefy.core.backend.UnaryFunction;
import torrefy.tensor.Tensor;

/// Two linear maps to F channels, of which one opens and closes the other, and one map back:
/// `(silu(x·gate) ⊙ x·up)·down`. Shazeer, "GLU variants improve transformer", arXiv 2002.05202, equation 6.
public final class SwiGluFeedForward implements FeedForward {

    private final Linear gate;
    private final Linear up;
    private final Linear down;

    SwiGluFeedForward(
            ParameterSpace space, String name, int channels, FeedForwardConfig config, Deviations deviations) {
        gate = new Linear(space, name + ".gate_proj", channels, config.width(), config.bias(), deviations.inner());
        up = new Linear(space, name + ".up_proj", channels, config.width(), config.bias(), deviations.inner());
        down = new Linear(space, name + ".down_proj", config.width(), channels, config.bias(), deviations.residual());
    }

    @Override
    public Tensor forward(Tensor x, Tensor residual) {
        return x.gatedFeedForward(
                gate.weight(),
                gate.bias(),
                up.weight(),
                up.bias(),
                UnaryFunction.SILU,
                down.weight(),
                down.bias(),
                residual);
    }
}
