package torrefy.model.layer;

import java.util.List;
import torrefy.tensor.Tensor;

/// GPT-2's attention: one map makes queries, keys and values, which lie side by side in memory and are read there.
public final class JointAttention implements CausalSelfAttention {

    private final Linear queryKeyValue;
    private final Linear projection;
    private final int heads;
    private final int layer;

    JointAttention(
            ParameterSpace space, String name, int channels, AttentionConfig config, int layer, Deviations deviations) {
        int inside = config.queryChannels();
        this.queryKeyValue =
                new Linear(space, name + ".c_attn", channels, 3 * inside, config.bias(), deviations.inner());
        this.projection =
                new Linear(space, name + ".c_proj", inside, channels, config.projectionBias(), deviations.residual());
        this.heads = config.heads();
        this.layer = layer;
    }

    @Override
    public Tensor forward(Tensor x, AttentionSpan span, Tensor residual) {
        List<KeyValueCache> caches = span.caches();
        Tensor packed = queryKeyValue.forward(x);
        Tensor mixed = caches.isEmpty()
                ? packed.selfAttention(heads, span.documents())
                : SideBySide.join(caches.size(), text -> withCache(SideBySide.part(packed, text), caches.get(text)));
        return projection.forward(mixed, residual);
    }

    private Tensor withCache(Tensor packed, KeyValueCache cache) {
        List<Tensor> parts = packed.split(-1, 3);
        Tensor q = Heads.split(parts.get(0), heads);
        Tensor k = cache.appendKeys(layer, Heads.split(parts.get(1), heads));
        Tensor v = cache.appendValues(layer, Heads.split(parts.get(2), heads));
        return Heads.join(q.causalAttention(k, v));
    }
}
