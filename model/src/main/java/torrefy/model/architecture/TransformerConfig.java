package torrefy.model.architecture;

import torrefy.core.backend.RotaryKernels.Pairing;
import torrefy.model.layer.AttentionConfig;
import torrefy.model.layer.FeedForwardConfig;
import torrefy.model.layer.NormConfig;
import torrefy.model.layer.ParameterCount;
import torrefy.model.layer.Positions;

/// The shape of a [Transformer]: of a GPT-2, of a Llama, or of something between.
///
/// ```java
/// TransformerConfig gpt2 = TransformerConfig.gpt2(50257, 1024, 12, 12, 768);
/// TransformerConfig llama = TransformerConfig.llama(32000, 2048, 16, 32, 8, 2048, 8192);
/// TransformerConfig qwen = llama.withTiedHead(true).withAttention(llama.attention().withQueryKeyNorm(true));
/// ```
///
/// @param vocabulary V, the number of token ids
/// @param context the longest sequence it can read, in tokens
/// @param layers the number of transformer blocks
/// @param width C, channels per position
/// @param attention of each block
/// @param feedForward of each block
/// @param norm before each part of a block, and at the end
/// @param positions how the model is told where a token stands
/// @param tiedHead whether the token table is the output layer, too
/// @param dropout the probability with which an activation is zeroed while training, 0 for none
public record TransformerConfig(
        int vocabulary,
        int context,
        int layers,
        int width,
        AttentionConfig attention,
        FeedForwardConfig feedForward,
        NormConfig norm,
        Positions positions,
        boolean tiedHead,
        float dropout) {

    public TransformerConfig {
        requireAtLeast(2, vocabulary, "vocabulary");
        requireAtLeast(1, context, "context");
        requireAtLeast(1, layers, "layers");
        requireAtLeast(1, width, "width");
        if (positions instanceof Positions.Rotary && attention.headSize() % 2 != 0) {
            throw new IllegalArgumentException(
                    "rotary positions turn pairs of channels: the head size must be even, got " + attention.headSize());
        }
        // The largest arrays: a Java array has fewer than 2^31 elements.
        double widest = Math.max(
                Math.max(vocabulary, context),
                // Queries, keys and values may lie in one matrix.
                Math.max(feedForward.width(), 3.0 * attention.queryChannels()));
        if (width * widest > Integer.MAX_VALUE || layers > 1 << 20) {
            throw new IllegalArgumentException("a model of width " + width + " with vocabulary " + vocabulary
                    + ", context " + context + ", feed-forward width " + feedForward.width() + " and " + layers
                    + " layers is too large: a parameter may have 2^31 - 1 elements, a model 2^20 layers");
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout must be in [0, 1), got " + dropout);
        }
    }

    /// A GPT-2 without dropout.
    public static TransformerConfig gpt2(int vocabulary, int context, int layers, int heads, int width) {
        return gpt2(vocabulary, context, layers, heads, width, 0);
    }

    /// A GPT-2: layer norm, learned positions, attention in heads of `width / heads`, GELU in four times the width,
    /// biases everywhere, the token table as output layer.
    public static TransformerConfig gpt2(int vocabulary, int context, int layers, int heads, int width, float dropout) {
        return new TransformerConfig(
                vocabulary,
                context,
                layers,
                width,
                AttentionConfig.multiHead(heads, headSize(width, heads)),
                FeedForwardConfig.gelu((int) Math.min(4L * width, Integer.MAX_VALUE)),
                NormConfig.layer(),
                new Positions.Learned(),
                true,
                dropout);
    }

    /// A Llama: RMS norm, rotary positions of base 10,000 in pairs of halves, heads of `width / heads` whose keys and
    /// values are shared by groups, SwiGLU, no biases, an output layer of its own. Touvron et al., "LLaMA: open and
    /// efficient foundation language models", arXiv 2302.13971, section 2.2; with grouped heads, "Llama 2", arXiv
    /// 2307.09288.
    public static TransformerConfig llama(
            int vocabulary, int context, int layers, int heads, int keyValueHeads, int width, int feedForwardWidth) {
        return new TransformerConfig(
                vocabulary,
                context,
                layers,
                width,
                AttentionConfig.grouped(heads, keyValueHeads, headSize(width, heads)),
                FeedForwardConfig.swiGlu(feedForwardWidth),
                NormConfig.rms(),
                new Positions.Rotary(10_000, Pairing.HALVES),
                false,
                0);
    }

    private static int headSize(int width, int heads) {
        requireAtLeast(1, heads, "heads");
        requireAtLeast(1, width, "width");
        if (width % heads != 0) {
            throw new IllegalArgumentException(
                    "width " + width + " does not divide into " + heads + " heads; choose a multiple of " + heads);
        }
        return width / heads;
    }

    private static void requireAtLeast(int least, int value, String name) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", got " + value);
        }
    }

    public TransformerConfig withVocabulary(int vocabulary) {
        return new TransformerConfig(
                vocabulary, context, layers, width, attention, feedForward, norm, positions, tiedHead, dropout);
    }

    public TransformerConfig withContext(int context) {
        return new TransformerConfig(
                vocabulary, context, layers, width, attention, feedForward, norm, positions, tiedHead, dropout);
    }

    public TransformerConfig withLayers(int layers) {
        return new TransformerConfig(
                vocabulary, context, layers, width, attention, feedForward, norm, positions, tiedHead, dropout);
    }

    public TransformerConfig withAttention(AttentionConfig attention) {
        return new TransformerConfig(
                vocabulary, context, layers, width, attention, feedForward, norm, positions, tiedHead, dropout);
    }

    public TransformerConfig withFeedForward(FeedForwardConfig feedForward) {
        return new TransformerConfig(
                vocabulary, context, layers, width, attention, feedForward, norm, positions, tiedHead, dropout);
    }

    public TransformerConfig withNorm(NormConfig norm) {
        return new TransformerConfig(
                vocabulary, context, layers, width, attention, feedForward, norm, positions, tiedHead, dropout);
    }

    public TransformerConfig withPositions(Positions positions) {
        return new TransformerConfig(
                vocabulary, context, layers, width, attention, feedForward, norm, positions, tiedHead, dropout);
    }

    public TransformerConfig withTiedHead(boolean tiedHead) {
        return new TransformerConfig(
                vocabulary, context, layers, width, attention, feedForward, norm, positions, tiedHead, dropout);
    }

    public TransformerConfig withDropout(float dropout) {
        return new TransformerConfig(
                vocabulary, context, layers, width, attention, feedForward, norm, positions, tiedHead, dropout);
    }

    /// H, heads of queries per block.
    public int heads() {
        return attention.heads();
    }

    /// G, heads of keys and values per block.
    public int keyValueHeads() {
        return attention.keyValueHeads();
    }

    /// D, channels per head.
    public int headSize() {
        return attention.headSize();
    }

    /// Single numbers in all parameters; of a GPT-2 `V·C + context·C + layers·(12C² + 13C) + 2C`.
    public long parameters() {
        return count().total();
    }

    /// Single numbers in matrices and tables; of a GPT-2 `V·C + context·C + layers·12C²`. The rest is biases and norms.
    public long matrixParameters() {
        return count().matrices();
    }

    /// All parameters, counted.
    ParameterCount count() {
        ParameterCount tokens = ParameterCount.matrix(vocabulary, width);
        ParameterCount places =
                positions instanceof Positions.Learned ? ParameterCount.matrix(context, width) : ParameterCount.NONE;
        ParameterCount head = tiedHead ? ParameterCount.NONE : tokens;
        return tokens.plus(places)
                .plus(block().times(layers))
                .plus(norm.count(width))
                .plus(head);
    }

    private ParameterCount block() {
        return norm.count(width)
                .times(2)
                .plus(attention.count(width, positions instanceof Positions.Rotary))
                .plus(feedForward.count(width));
    }

    /// Floating-point operations to train on one token, forward and backward, at full context.
    ///
    /// Every weight of a matrix is used in one multiplication and one addition forward and twice that backward: 6 a
    /// weight. Tables are only looked up; the output layer counts, be it the token table or not. Attention adds
    /// `12·layers·H·D·context/2`: two products over the positions before, of which there are `context/2` on average.
    /// Kaplan et al., "Scaling laws for neural language models", arXiv 2001.08361, section 2.1.
    public double flopsPerToken() {
        double matrices = (double) vocabulary * width + (double) layers * block().matrices();
        return 6 * matrices + 12.0 * layers * attention.queryChannels() * context / 2;
    }
}
