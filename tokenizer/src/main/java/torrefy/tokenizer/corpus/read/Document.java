package torrefy.tokenizer.corpus.read;

/// One text of a corpus.
///
/// @param source where it comes from, for people: a path, or a file and the place in it. Only a label: nothing is ever
///     opened or written under this name
/// @param form what its name says about its kind
/// @param from where it begins in its source, in bytes after decompression
/// @param to where it ends there
/// @param bytes its contents; after cleaning, well-formed UTF-8
public record Document(String source, TextForm form, long from, long to, byte[] bytes) {

    /// A text that is all of its source.
    public Document(String source, byte[] bytes) {
        this(source, TextForm.of(source), 0, bytes.length, bytes);
    }
}
