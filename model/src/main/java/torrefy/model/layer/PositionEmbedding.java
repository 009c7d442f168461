package torrefy.model.layer;

import torrefy.tensor.Tensor;

/// How positions come into a model: where tokens do, or where they meet.
public sealed interface PositionEmbedding permits LearnedPositions, RotaryEmbedding {

    /// The one that `config` asks for.
    ///
    /// @param context the number of positions
    /// @param channels C
    /// @param headSize D
    static PositionEmbedding of(
            ParameterSpace space,
            String name,
            Positions config,
            int context,
            int channels,
            int headSize,
            float deviation) {
        return switch (config) {
            case Positions.Learned learned -> new LearnedPositions(space, name, context, channels, deviation);
            case Positions.Rotary rotary ->
                new RotaryEmbedding(space.backend(), context, headSize, rotary.base(), rotary.pairing());
        };
    }

    /// What goes into the first block, `(B, T, C)`.
    ///
    /// @param tokens `(B, T, C)`, the tokens' rows
    /// @param from the number of the first position
    Tensor atInput(Tensor tokens, int from);

    /// What queries meet keys with, `(B, H, T, D)`.
    ///
    /// @param heads `(B, H, T, D)`, queries or keys
    /// @param from the number of the first position
    Tensor inAttention(Tensor heads, int from);
}
