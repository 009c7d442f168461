package torrefy.tokenizer.corpus.read;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/// One text of a corpus.
///
/// @param source where it comes from, for people: a path, or a file and the place in it. Only a label: nothing is ever
///     opened or written under this name
/// @param form what its name says about its kind
/// @param from where it begins in its source, in bytes after decompression
/// @param to where it ends there
/// @param bytes its contents; after cleaning, well-formed UTF-8
/// @param encoding of the bytes, where it is said ([TextEncoding]) or known; null where cleaning must find out
public record Document(String source, TextForm form, long from, long to, byte[] bytes, Charset encoding) {

    /// A text that is all of its source.
    public Document(String source, byte[] bytes) {
        this(source, TextForm.of(source), 0, bytes.length, bytes, null);
    }

    /// The same with another text, in UTF-8.
    public Document withText(byte[] utf8) {
        return new Document(source, form, from, to, utf8, StandardCharsets.UTF_8);
    }

    /// The same under another name.
    public Document withSource(String name) {
        return new Document(name, form, from, to, bytes, encoding);
    }
}
