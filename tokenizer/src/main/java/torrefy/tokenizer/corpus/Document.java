package torrefy.tokenizer.corpus;

/// One text of a corpus.
///
/// @param source where it comes from, for people: a path, or a file and the place in it
/// @param bytes its contents; after cleaning, well-formed UTF-8
public record Document(String source, byte[] bytes) {}
