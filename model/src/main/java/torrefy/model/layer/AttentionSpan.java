package torrefy.model.layer;

import java.util.List;
import torrefy.tensor.Segments;

/// What the positions that a model reads may look back on, beside each other: what caches hold of the text before, or
/// no more than their own document.
///
/// @param caches hold the positions before these, one for each of the B texts; none if nothing comes before
/// @param documents beyond whose beginning nothing looks; null if sequences are not cut
public record AttentionSpan(List<KeyValueCache> caches, Segments documents) {

    /// Everything before in the same sequence.
    public static final AttentionSpan SEQUENCE = new AttentionSpan(List.of(), null);

    /// Everything before, and what the caches hold.
    public static AttentionSpan after(List<KeyValueCache> caches) {
        return new AttentionSpan(caches, null);
    }

    /// Everything before in the same document.
    ///
    /// @param documents null if sequences are not cut
    public static AttentionSpan within(Segments documents) {
        return documents == null ? SEQUENCE : new AttentionSpan(List.of(), documents);
    }
}
