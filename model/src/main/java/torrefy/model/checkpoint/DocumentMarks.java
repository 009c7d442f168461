package torrefy.model.checkpoint;

/// The tokens around a document, as a model's files name them to whoever generates with it.
///
/// @param begin the token id before a document
/// @param end the token id that ends one
public record DocumentMarks(int begin, int end) {

    /// Documents that begin behind the end of another.
    public static DocumentMarks between(int end) {
        return new DocumentMarks(end, end);
    }
}
