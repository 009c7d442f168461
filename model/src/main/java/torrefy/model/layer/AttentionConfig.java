package torrefy.model.layer;

/// The shape of the attention of a block.
///
/// With as many keys and values as queries it is the attention of the first transformers. With fewer, several heads of
/// queries share one head of keys and values, which makes the cache of generation smaller: Shazeer, "Fast transformer
/// decoding: one write-head is all you need", arXiv 1911.02150 (one for all, "multi-query"); Ainslie et al., "GQA",
/// arXiv 2305.13245 (one for a group, "grouped-query").
///
/// @param heads H, heads of queries
/// @param keyValueHeads G, heads of keys and values; divides H
/// @param headSize D, channels per head
/// @param bias whether the maps to queries, keys and values have a bias
/// @param projectionBias whether the map back has one
/// @param queryKeyNorm whether each head's queries and keys are brought to mean square 1 before they meet: Henry et
///     al., "Query-key normalization for transformers", arXiv 2010.04245; as in Qwen 3
public record AttentionConfig(
        int heads, int keyValueHeads, int headSize, boolean bias, boolean projectionBias, boolean queryKeyNorm) {

    public AttentionConfig {
        Require.atLeast(1, heads, "heads");
        Require.atLeast(1, keyValueHeads, "key-value heads");
        Require.atLeast(1, headSize, "head size");
        if (heads % keyValueHeads != 0) {
            throw new IllegalArgumentException(heads + " heads do not share " + keyValueHeads
                    + " key-value heads evenly; choose a divisor of " + heads);
        }
        if ((long) heads * headSize > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(heads + " heads of size " + headSize + " are too large");
        }
    }

    /// GPT-2's: every head has keys and values of its own; all maps have biases.
    public static AttentionConfig multiHead(int heads, int headSize) {
        return new AttentionConfig(heads, heads, headSize, true, true, false);
    }

    /// Llama's: keys and values are shared by groups of heads; no biases.
    public static AttentionConfig grouped(int heads, int keyValueHeads, int headSize) {
        return new AttentionConfig(heads, keyValueHeads, headSize, false, false, false);
    }

    public AttentionConfig withHeadSize(int headSize) {
        return new AttentionConfig(heads, keyValueHeads, headSize, bias, projectionBias, queryKeyNorm);
    }

    /// @param bias of the maps to queries, keys and values
    /// @param projectionBias of the map back
    public AttentionConfig withBiases(boolean bias, boolean projectionBias) {
        return new AttentionConfig(heads, keyValueHeads, headSize, bias, projectionBias, queryKeyNorm);
    }

    public AttentionConfig withQueryKeyNorm(boolean queryKeyNorm) {
        return new AttentionConfig(heads, keyValueHeads, headSize, bias, projectionBias, queryKeyNorm);
    }

    /// Whether every head has keys and values of its own, as they come out of the map.
    boolean isPlain() {
        return keyValueHeads == heads && !queryKeyNorm;
    }

    /// The parameters of it in a model of width `channels`.
    ///
    /// @param rotary whether the model's positions turn queries and keys
    public ParameterCount count(int channels, boolean rotary) {
        ParameterCount maps = isPlain() && !rotary
                ? ParameterCount.linear(channels, 3L * queryChannels(), bias)
                : ParameterCount.linear(channels, queryChannels(), bias)
                        .plus(ParameterCount.linear(channels, keyValueChannels(), bias)
                                .times(2));
        ParameterCount norms = queryKeyNorm ? ParameterCount.vector(headSize).times(2) : ParameterCount.NONE;
        return maps.plus(norms).plus(ParameterCount.linear(queryChannels(), channels, projectionBias));
    }

    /// Channels of all queries: `H·D`, which may be other than the model's width.
    public int queryChannels() {
        return heads * headSize;
    }

    /// Channels of all keys, and of all values: `G·D`.
    public int keyValueChannels() {
        return keyValueHeads * headSize;
    }
}
