package torrefy.model.layer;

import torrefy.tensor.Parameter;
import torrefy.tensor.Tensor;

/// Normalization of each position's C channels to mean square 1, then a learned scale: layer norm without the mean.
/// Zhang and Sennrich, "Root mean square layer normalization", arXiv 1910.07467.
public final class RmsNorm implements Norm {

    private final Parameter weight;
    private final float epsilon;

    public RmsNorm(ParameterSpace space, String name, int channels, float epsilon) {
        this.weight = space.constant(name + ".weight", 1, channels);
        this.epsilon = epsilon;
    }

    @Override
    public Tensor forward(Tensor x) {
        return x.rmsNorm(weight, epsilon);
    }
}
