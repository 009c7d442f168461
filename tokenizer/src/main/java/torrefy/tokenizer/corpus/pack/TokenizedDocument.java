package torrefy.tokenizer.corpus.pack;

/// A document as tokens, and all that a trace will say of it.
///
/// @param key the first 128 bits of the SHA-256 of its text, in hexadecimal
/// @param source where it comes from
/// @param from where it begins in its source, in bytes after decompression
/// @param to where it ends there
/// @param changes what was done to it, in words
/// @param filters the names of those it passed
/// @param tokens without an end-of-text mark
/// @param offsets where in its text each token begins, and where the last one ends
public record TokenizedDocument(
        String key, String source, long from, long to, String changes, String filters, int[] tokens, int[] offsets) {}
