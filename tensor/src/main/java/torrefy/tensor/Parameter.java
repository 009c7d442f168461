package torrefy.tensor;

import torrefy.core.backend.Backend;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;

/// A tensor that training changes: a named leaf whose gradient survives the step.
///
/// Its memory, and its gradient's, are the caller's and never an arena's, so that a model may lay all its parameters
/// into one flat buffer and update them in one pass.
public final class Parameter extends Tensor {

    private final String name;

    /// @param data the value, `F32` or `BF16`
    /// @param gradient where backward adds the gradient; `F32`, same shape, contiguous, zeros to begin with
    public Parameter(String name, Backend backend, NdArray data, NdArray gradient) {
        super(backend, data, true);
        if (!data.shape().equals(gradient.shape())) {
            throw new IllegalArgumentException("parameter " + name + ": the value has shape " + data.shape()
                    + ", the gradient's memory " + gradient.shape());
        }
        if (data.type() == DataType.I32 || gradient.type() != DataType.F32 || !gradient.isContiguous()) {
            throw new IllegalArgumentException("parameter " + name
                    + ": the value must be F32 or BF16, the gradient F32 and contiguous; they are " + data.type()
                    + " and " + gradient.type() + " " + gradient.layout());
        }
        this.name = name;
        setGradient(gradient);
    }

    /// A dotted path from the model's root, as in `h.0.attn.c_attn.weight`.
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return "Parameter " + name + " " + shape();
    }
}
