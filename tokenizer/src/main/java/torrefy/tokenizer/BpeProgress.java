package torrefy.tokenizer;

/// Hears how far the training of a vocabulary is.
public interface BpeProgress {

    /// @param bytes of text counted so far
    default void counted(long bytes) {}

    /// @param merged tokens made so far
    /// @param wanted tokens to be made, if the text has so many
    default void merged(int merged, int wanted) {}
}
