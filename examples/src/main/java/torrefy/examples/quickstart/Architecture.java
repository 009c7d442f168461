package torrefy.examples.quickstart;

import torrefy.model.architecture.TransformerConfig;

/// What kind of model is trained, whatever its size.
///
/// @param family whose parts it has
/// @param keyValueHeads heads of keys and values, which groups of heads share; null for as many as there are heads
/// @param queryKeyNorm whether queries and keys are normalized before they meet
/// @param untiedHead whether the output layer is a matrix of its own, not the token table once more
public record Architecture(Family family, Integer keyValueHeads, boolean queryKeyNorm, boolean untiedHead) {

    /// The kinds whose parts [TransformerConfig] tells.
    public enum Family {
        GPT2,
        LLAMA
    }

    /// SIMD takes so many channels at once, at most.
    private static final int VECTOR = 16;

    public Architecture {
        if (family == Family.GPT2 && (keyValueHeads != null || queryKeyNorm || untiedHead)) {
            String option = keyValueHeads != null ? "--kv-heads" : queryKeyNorm ? "--qk-norm" : "--untied-head";
            throw new IllegalArgumentException(
                    option + " is for models of Llama's family: add --architecture llama, or leave it out");
        }
    }

    /// GPT-2's parts.
    public static Architecture gpt2() {
        return new Architecture(Family.GPT2, null, false, false);
    }

    /// A model of this kind.
    ///
    /// @throws IllegalArgumentException if these sizes make none
    public TransformerConfig config(int vocabulary, int context, int layers, int heads, int width) {
        if (family == Family.GPT2) {
            return TransformerConfig.gpt2(vocabulary, context, layers, heads, width);
        }
        int shared = keyValueHeads == null ? heads : keyValueHeads;
        TransformerConfig llama =
                TransformerConfig.llama(vocabulary, context, layers, heads, shared, width, feedForwardWidth(width));
        return llama.withAttention(llama.attention().withQueryKeyNorm(queryKeyNorm))
                .withTiedHead(!untiedHead);
    }

    /// 8/3 of the width: three matrices of it are as large as two of four times the width, which other models have.
    /// Shazeer, "GLU variants improve transformer", arXiv 2002.05202, section 3.
    private static int feedForwardWidth(int width) {
        long vectors = Math.ceilDiv(8L * width, 3 * VECTOR);
        return (int) Math.min(vectors * VECTOR, Integer.MAX_VALUE);
    }
}
