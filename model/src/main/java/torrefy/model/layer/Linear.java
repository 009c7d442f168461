package torrefy.model.layer;

import torrefy.tensor.Parameter;
import torrefy.tensor.Tensor;

/// The affine map `x·weight + bias`, or without the bias. The weight has shape `(in, out)`, as GPT-2's files have it.
public final class Linear {

    private final Parameter weight;
    /// Null if there is none.
    private final Parameter bias;

    /// @param deviation of the weight's initial values; the bias begins at 0
    public Linear(ParameterSpace space, String name, int in, int out, boolean hasBias, float deviation) {
        weight = space.normal(name + ".weight", deviation, in, out);
        bias = hasBias ? space.constant(name + ".bias", 0, out) : null;
    }

    /// `(…, in)` to `(…, out)`.
    public Tensor forward(Tensor x) {
        return x.linear(weight, bias);
    }

    /// `residual + x·weight + bias`.
    ///
    /// @param residual `(…, out)`; null for none
    public Tensor forward(Tensor x, Tensor residual) {
        return residual == null ? forward(x) : x.linear(weight, bias, residual);
    }

    Parameter weight() {
        return weight;
    }

    /// Null if there is none.
    Parameter bias() {
        return bias;
    }
}
