package torrefy.tokenizer.corpus.read;

/// Takes what a [DocumentSource] hands out.
public interface DocumentSink {

    /// Takes a document.
    void document(Document document);

    /// Hears of something that should have been a document and is lost.
    ///
    /// @param source its name
    /// @param why in a few words
    void unreadable(String source, String why);

    /// Hears of a document that was left out because it is longer than [#largestDocument].
    ///
    /// @param bytes its length, or what is said to be its length; -1 if that is not known
    void tooLarge(String source, long bytes);

    /// The most bytes a document may have.
    int largestDocument();

    /// Whether no more documents are wanted.
    boolean hasEnough();
}
