package torrefy.model.layer;

import torrefy.core.shape.Shape;
import torrefy.tensor.Tensor;

/// Positions told by a table: the learned row of its position is added to each token's row.
public final class LearnedPositions implements PositionEmbedding {

    private final Embedding table;

    /// @param context the number of positions
    /// @param deviation of the initial values
    public LearnedPositions(ParameterSpace space, String name, int context, int channels, float deviation) {
        table = new Embedding(space, name, context, channels, deviation);
    }

    @Override
    public Tensor atInput(Tensor tokens, int from) {
        Tensor rows = table.rows(from, tokens.size(1));
        return tokens.add(rows.reshape(Shape.of(1).concat(rows.shape())));
    }

    @Override
    public Tensor inAttention(Tensor heads, int from) {
        return heads;
    }
}
