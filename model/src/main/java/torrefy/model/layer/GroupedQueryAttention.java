package torrefy.model.layer;

import java.util.function.UnaryOperator;
import torrefy.tensor.Tensor;

/// Llama's attention: H heads of queries, G heads of keys and values, each for a group of H/G; positions are told by
/// turning queries and keys, which may be normalized before.
public final class GroupedQueryAttention implements CausalSelfAttention {

    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear projection;
    private final UnaryOperator<Tensor> queryNorm;
    private final UnaryOperator<Tensor> keyNorm;
    private final PositionEmbedding positions;
    private final AttentionConfig config;
    private final int layer;

    GroupedQueryAttention(
            ParameterSpace space,
            String name,
            int channels,
            AttentionConfig config,
            PositionEmbedding positions,
            float epsilon,
            int layer,
            Deviations deviations) {
        int inside = config.queryChannels();
        int shared = config.keyValueChannels();
        this.query = new Linear(space, name + ".q_proj", channels, inside, config.bias(), deviations.inner());
        this.key = new Linear(space, name + ".k_proj", channels, shared, config.bias(), deviations.inner());
        this.value = new Linear(space, name + ".v_proj", channels, shared, config.bias(), deviations.inner());
        this.projection =
                new Linear(space, name + ".o_proj", inside, channels, config.projectionBias(), deviations.residual());
        this.queryNorm = headNorm(space, name + ".q_norm", config, epsilon);
        this.keyNorm = headNorm(space, name + ".k_norm", config, epsilon);
        this.positions = positions;
        this.config = config;
        this.layer = layer;
    }

    /// What each head's channels go through before they meet: their norm, or nothing.
    private static UnaryOperator<Tensor> headNorm(
            ParameterSpace space, String name, AttentionConfig config, float epsilon) {
        return config.queryKeyNorm()
                ? new RmsNorm(space, name, config.headSize(), epsilon)::forward
                : UnaryOperator.identity();
    }

    @Override
    public Tensor forward(Tensor x, KeyValueCache cache, Tensor residual) {
        int from = cache == null ? 0 : cache.length();
        Tensor q = positions.inAttention(queryNorm.apply(Heads.split(query.forward(x), config.heads())), from);
        Tensor k = positions.inAttention(keyNorm.apply(Heads.split(key.forward(x), config.keyValueHeads())), from);
        Tensor v = Heads.split(value.forward(x), config.keyValueHeads());
        if (cache != null) {
            k = cache.appendKeys(layer, k);
            v = cache.appendValues(layer, v);
        }
        return projection.forward(Heads.join(q.causalAttention(k, v)), residual);
    }
}
