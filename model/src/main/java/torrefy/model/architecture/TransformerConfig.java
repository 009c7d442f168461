package torrefy.model.architecture;

/// The shape of a [Transformer].
///
/// @param vocabulary V, the number of token ids
/// @param context the longest sequence it can read, in tokens
/// @param layers the number of transformer blocks
/// @param heads H, attention heads per block; divides the width
/// @param width C, channels per position
/// @param dropout the probability with which an activation is zeroed while training, 0 for none
public record TransformerConfig(int vocabulary, int context, int layers, int heads, int width, float dropout) {

    /// Added to variances before the root; GPT-2's.
    public static final float EPSILON = 1e-5f;

    public TransformerConfig {
        require(vocabulary >= 2, "vocabulary", vocabulary, "at least 2");
        require(context >= 1, "context", context, "at least 1");
        require(layers >= 1, "layers", layers, "at least 1");
        require(heads >= 1, "heads", heads, "at least 1");
        require(width >= 1, "width", width, "at least 1");
        if (width % heads != 0) {
            throw new IllegalArgumentException(
                    "width " + width + " does not divide into " + heads + " heads; choose a multiple of " + heads);
        }
        // The largest arrays: a Java array has fewer than 2^31 elements.
        double largest = (double) width * Math.max(4.0 * width, Math.max(vocabulary, context));
        if (largest > Integer.MAX_VALUE || layers > 1 << 20) {
            throw new IllegalArgumentException("a model of width " + width + " with vocabulary " + vocabulary
                    + ", context "
                    + context + " and " + layers + " layers is too large: a parameter may have 2^31 - 1 elements, "
                    + "a model 2^20 layers");
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout must be in [0, 1), got " + dropout);
        }
    }

    /// A GPT-2 without dropout.
    public static TransformerConfig gpt2(int vocabulary, int context, int layers, int heads, int width) {
        return gpt2(vocabulary, context, layers, heads, width, 0);
    }

    /// A GPT-2.
    public static TransformerConfig gpt2(int vocabulary, int context, int layers, int heads, int width, float dropout) {
        return new TransformerConfig(vocabulary, context, layers, heads, width, dropout);
    }

    private static void require(boolean holds, String name, int value, String wanted) {
        if (!holds) {
            throw new IllegalArgumentException(name + " must be " + wanted + ", got " + value);
        }
    }

    /// D, channels per head.
    public int headSize() {
        return width / heads;
    }

    /// Single numbers in all parameters: `V·C + context·C + layers·(12C² + 13C) + 2C`.
    public long parameters() {
        return matrixParameters() + layers * (13L * width) + 2L * width;
    }

    /// Single numbers in matrices and tables: `V·C + context·C + layers·12C²`. The rest is biases and norms.
    public long matrixParameters() {
        long c = width;
        return vocabulary * c + context * c + layers * (12 * c * c);
    }

    /// Floating-point operations to train on one token, forward and backward, at full context.
    ///
    /// Every weight of a matrix is used in one multiplication and one addition forward and twice that backward: 6 a
    /// weight. The position table is only looked up; the token table is the output layer too, so it counts. Attention
    /// adds `12·layers·C·context/2`: two products over the positions before, of which there are `context/2` on
    /// average. Kaplan et al., "Scaling laws for neural language models", arXiv 2001.08361, section 2.1.
    public double flopsPerToken() {
        double c = width;
        double matrices = vocabulary * c + layers * 12 * c * c;
        return 6 * matrices + 12 * layers * c * context / 2;
    }
}
