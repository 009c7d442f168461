package torrefy.model.layer;

import torrefy.tensor.Tensor;

/// The part of a block in which every position looks at itself and those before it, with H heads side by side, and
/// mixes what it finds. Vaswani et al., "Attention is all you need", arXiv 1706.03762, section 3.2.
public sealed interface CausalSelfAttention permits JointAttention, GroupedQueryAttention {

    /// The one that `config` asks for: [JointAttention] where it will do.
    ///
    /// @param channels C
    /// @param positions of the model
    /// @param epsilon of the norm of queries and keys, if there is one
    /// @param layer the number of this layer in the model, by which it finds its part of a cache
    static CausalSelfAttention of(
            ParameterSpace space,
            String name,
            int channels,
            AttentionConfig config,
            PositionEmbedding positions,
            float epsilon,
            int layer,
            Deviations deviations) {
        return config.isPlain() && positions instanceof LearnedPositions
                ? new JointAttention(space, name, channels, config, layer, deviations)
                : new GroupedQueryAttention(space, name, channels, config, positions, epsilon, layer, deviations);
    }

    /// `(B, T, C)`, unchanged in shape.
    ///
    /// @param residual what the result is added to; null for nothing
    Tensor forward(Tensor x, AttentionSpan span, Tensor residual);
}
