package torrefy.tensor;

import java.util.function.Supplier;
import torrefy.core.backend.Backend;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;

/// A tensor that training changes: a named leaf whose gradient survives the step.
///
/// Its memory, and its gradient's, are the caller's and never an arena's, so that a model may lay all its parameters
/// into one flat buffer and update them in one pass.
public final class Parameter extends Tensor {

    private final String name;
    private final Supplier<NdArray> gradientMemory;

    /// @param data the value, `F32` or `BF16`
    /// @param gradient where backward adds the gradient; `F32`, same shape, contiguous, zeros to begin with
    public Parameter(String name, Backend backend, NdArray data, NdArray gradient) {
        this(name, backend, data, () -> gradient);
        gradientData();
    }

    /// A parameter whose gradient has no memory before it is wanted: a model that only reads does without.
    ///
    /// @param data the value, `F32` or `BF16`
    /// @param gradientMemory gives, once, the memory where backward adds the gradient; `F32`, same shape, contiguous,
    ///     zeros to begin with
    public Parameter(String name, Backend backend, NdArray data, Supplier<NdArray> gradientMemory) {
        super(backend, data, true);
        this.name = name;
        this.gradientMemory = gradientMemory;
        if (data.type() == DataType.I32) {
            throw new IllegalArgumentException("parameter " + name + ": the value must be F32 or BF16, it is I32");
        }
    }

    @Override
    NdArray gradientData() {
        if (super.gradientData() == null) {
            NdArray gradient = gradientMemory.get();
            requireFits(gradient);
            setGradient(gradient);
        }
        return super.gradientData();
    }

    private void requireFits(NdArray gradient) {
        if (!shape().equals(gradient.shape())) {
            throw new IllegalArgumentException("parameter " + name + ": the value has shape " + shape()
                    + ", the gradient's memory " + gradient.shape());
        }
        if (gradient.type() != DataType.F32 || !gradient.isContiguous()) {
            throw new IllegalArgumentException("parameter " + name + ": the gradient must be F32 and contiguous; it is "
                    + gradient.type() + " " + gradient.layout());
        }
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
