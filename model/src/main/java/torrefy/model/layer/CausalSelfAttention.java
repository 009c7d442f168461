package torrefy.model.layer;

import java.util.List;
import torrefy.tensor.Tensor;

/// Every position looks at itself and those before it, with H heads side by side, and mixes what it finds. Vaswani et
/// al., "Attention is all you need", arXiv 1706.03762, section 3.2.
public final class CausalSelfAttention {

    private final Linear queryKeyValue;
    private final Linear projection;
    private final int heads;
    private final int layer;

    /// @param layer the number of this layer in the model, by which it finds its part of a cache
    /// @param projectionDeviation of the initial values of the map back into the residual stream
    public CausalSelfAttention(
            ParameterSpace space,
            String name,
            int channels,
            int heads,
            int layer,
            float deviation,
            float projectionDeviation) {
        this.queryKeyValue = new Linear(space, name + ".c_attn", channels, 3 * channels, deviation);
        this.projection = new Linear(space, name + ".c_proj", channels, channels, projectionDeviation);
        this.heads = heads;
        this.layer = layer;
    }

    /// `(B, T, C)`, unchanged in shape.
    ///
    /// @param caches hold the positions before these, one for each of the B texts; none if nothing comes before
    /// @param residual what the result is added to; null for nothing
    public Tensor forward(Tensor x, List<KeyValueCache> caches, Tensor residual) {
        Tensor packed = queryKeyValue.forward(x);
        Tensor mixed = caches.isEmpty() ? packed.selfAttention(heads) : withCaches(packed, caches);
        return projection.forward(mixed, residual);
    }

    /// Text by text, because each is as long as it is.
    private Tensor withCaches(Tensor packed, List<KeyValueCache> caches) {
        if (caches.size() == 1) {
            return withCache(packed, caches.getFirst());
        }
        Tensor[] mixed = new Tensor[caches.size()];
        for (int text = 0; text < mixed.length; text++) {
            mixed[text] = withCache(packed.slice(0, text, text + 1), caches.get(text));
        }
        return Tensor.concat(0, mixed);
    }

    private Tensor withCache(Tensor packed, KeyValueCache cache) {
        List<Tensor> parts = packed.split(-1, 3);
        Tensor q = splitHeads(parts.get(0));
        Tensor k = cache.appendKeys(layer, splitHeads(parts.get(1)));
        Tensor v = cache.appendValues(layer, splitHeads(parts.get(2)));
        return joinHeads(q.causalAttention(k, v));
    }

    /// `(B, T, C)` to `(B, H, T, D)`: a view.
    private Tensor splitHeads(Tensor x) {
        return x.reshape(x.size(0), x.size(1), heads, x.size(2) / heads).transpose(1, 2);
    }

    /// `(B, H, T, D)` to `(B, T, C)`.
    private static Tensor joinHeads(Tensor x) {
        return x.transpose(1, 2).reshape(x.size(0), x.size(2), x.size(1) * x.size(3));
    }
}
