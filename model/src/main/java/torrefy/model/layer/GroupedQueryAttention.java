package torrefy.model.layer;

import java.util.List;
import java.util.function.UnaryOperator;
import torrefy.tensor.Segments;
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
    public Tensor forward(Tensor x, AttentionSpan span, Tensor residual) {
        List<KeyValueCache> caches = span.caches();
        Tensor q = queryNorm.apply(Heads.split(query.forward(x), config.heads()));
        Tensor k = keyNorm.apply(Heads.split(key.forward(x), config.keyValueHeads()));
        Tensor v = Heads.split(value.forward(x), config.keyValueHeads());
        Tensor mixed = caches.isEmpty()
                ? attend(positions.inAttention(q, 0), positions.inAttention(k, 0), v, span.documents())
                : SideBySide.join(
                        caches.size(),
                        text -> withCache(
                                SideBySide.part(q, text),
                                SideBySide.part(k, text),
                                SideBySide.part(v, text),
                                caches.get(text)));
        return projection.forward(mixed, residual);
    }

    private Tensor withCache(Tensor q, Tensor k, Tensor v, KeyValueCache cache) {
        int from = cache.length();
        Tensor keys = cache.appendKeys(layer, positions.inAttention(k, from));
        Tensor values = cache.appendValues(layer, v);
        return attend(positions.inAttention(q, from), keys, values, null);
    }

    private static Tensor attend(Tensor q, Tensor k, Tensor v, Segments documents) {
        return Heads.join(q.causalAttention(k, v, documents));
    }
}
