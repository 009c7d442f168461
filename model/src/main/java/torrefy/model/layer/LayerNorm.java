package torrefy.model.layer;

import torrefy.tensor.Parameter;
import torrefy.tensor.Tensor;

/// Normalization of each position's C channels to mean 0 and variance 1, then a learned scale and shift. Ba, Kiros,
/// Hinton, "Layer normalization", arXiv 1607.06450.
public final class LayerNorm implements Norm {

    private final Parameter weight;
    private final Parameter bias;
    private final float epsilon;

    public LayerNorm(ParameterSpace space, String name, int channels, float epsilon) {
        this.weight = space.constant(name + ".weight", 1, channels);
        this.bias = space.constant(name + ".bias", 0, channels);
        this.epsilon = epsilon;
    }

    @Override
    public Tensor forward(Tensor x) {
        return x.layerNorm(weight, bias, epsilon);
    }
}
