package torrefy.tokenizer.corpus.clean;

import java.util.List;

/// What became of a document.
///
/// @param text well-formed UTF-8 with `\n` line ends and no control characters but `\n` and `\t`; null if the document
///     was dropped
/// @param changes what was done to it, and if it was dropped, why, as the last one
public record Cleaned(byte[] text, List<Change> changes) {

    /// A step that was taken.
    ///
    /// @param bytes how many it took away; fewer than none if the document grew
    public record Change(CleaningStep step, long bytes) {}

    public boolean isKept() {
        return text != null;
    }
}
