package torrefy.model.layer;

import torrefy.core.memory.DataType;
import torrefy.tensor.Parameter;
import torrefy.tensor.Tensor;

/// A table with one learned row per index.
public final class Embedding {

    private final Parameter weight;

    /// @param deviation of the initial values
    public Embedding(ParameterSpace space, String name, int rows, int channels, float deviation) {
        weight = space.normal(name + ".weight", deviation, rows, channels);
    }

    /// `I32 (…)` to `(…, C)`; throws for an index out of range.
    public Tensor forward(Tensor indices) {
        return weight.embedding(indices);
    }

    /// The first `count` rows from row `from` on, `(count, C)`: a view, if the table is `F32`.
    public Tensor rows(int from, int count) {
        return weight.slice(0, from, from + count).to(DataType.F32);
    }

    /// The table `(V, C)`, for an output layer that shares it.
    public Parameter weight() {
        return weight;
    }
}
