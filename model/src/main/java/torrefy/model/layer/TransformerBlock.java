package torrefy.model.layer;

import torrefy.core.random.RandomKey;
import torrefy.tensor.Tensor;

/// One layer of a transformer: attention, then a feed-forward network, each added to the stream it read, each behind a
/// norm. The order "norm first" is GPT-2's: Radford et al., "Language models are unsupervised multitask learners",
/// 2019, section 2.3.
public final class TransformerBlock {

    private final Norm attentionNorm;
    private final CausalSelfAttention attention;
    private final Norm feedForwardNorm;
    private final FeedForward feedForward;
    private final float dropout;

    /// @param dropout the probability with which an element of what is added to the stream is dropped in training
    public TransformerBlock(
            Norm attentionNorm,
            CausalSelfAttention attention,
            Norm feedForwardNorm,
            FeedForward feedForward,
            float dropout) {
        this.attentionNorm = attentionNorm;
        this.attention = attention;
        this.feedForwardNorm = feedForwardNorm;
        this.feedForward = feedForward;
        this.dropout = dropout;
    }

    /// `(B, T, C)`, unchanged in shape.
    ///
    /// @param span what its attention may look back on
    /// @param key for dropout; null switches it off
    public Tensor forward(Tensor x, AttentionSpan span, RandomKey key) {
        if (key == null || dropout == 0) {
            Tensor attended = attention.forward(attentionNorm.forward(x), span, x);
            return feedForward.forward(feedForwardNorm.forward(attended), attended);
        }
        Tensor attended = attention.forward(attentionNorm.forward(x), span, null);
        x = x.add(attended.dropout(dropout, key.derive(0)));
        Tensor fed = feedForward.forward(feedForwardNorm.forward(x), null);
        return x.add(fed.dropout(dropout, key.derive(1)));
    }
}
