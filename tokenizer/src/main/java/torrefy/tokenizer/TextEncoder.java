package torrefy.tokenizer;

import java.io.IOException;
import java.io.InputStream;
import torrefy.core.parallel.ParallelLoop;

/// Encodes a text of any length as it comes, in parts of any size. The tokens, put together, are those of
/// [Tokenizer#encode(byte\[\])] for the whole text.
///
/// ```java
/// try (ParallelLoop loop = new ParallelLoop(2);
///         InputStream text = Files.newInputStream(file)) {
///     tokenizer.textEncoder(loop, writer::write).encode(text);
/// }
/// ```
///
/// A part may end inside a word, or inside a character. So bytes are held back from the last place on where the text
/// may be cut without changing its pieces: after a letter or a digit and before white space. Memory grows with the
/// longest stretch without such a place, which is a few bytes of most texts, and all of a text whose tokenizer has a
/// split pattern of its owner's making; a tokenizer that composes characters also holds stretches without ASCII. Serves
/// one thread at a time.
public final class TextEncoder {

    /// Bytes that are collected before they are encoded, for each thread.
    private static final int BLOCK = 1 << 20;

    /// Bytes that are read from a stream at a time, to be composed.
    private static final int READ = 1 << 16;

    private final TextBlocks blocks;
    /// Null if the text is encoded as it stands.
    private final ComposingParts composing;

    TextEncoder(Tokenizer tokenizer, ParallelLoop loop, TokenSink sink) {
        this(tokenizer, loop, sink, BLOCK * loop.threads());
    }

    /// @param block bytes that are collected before they are encoded
    TextEncoder(Tokenizer tokenizer, ParallelLoop loop, TokenSink sink, int block) {
        SplitPattern pattern = tokenizer.splitPattern();
        blocks = new TextBlocks(pattern, block, (bytes, size) -> {
            for (int[] tokens : Portions.of(bytes, size, pattern).encode(tokenizer, loop)) {
                sink.accept(tokens, 0, tokens.length);
            }
        });
        composing = tokenizer.isComposing() ? new ComposingParts(blocks::accept) : null;
    }

    /// Takes all that is left of a stream, as the last part of the text.
    ///
    /// @throws IOException if it cannot be read, or the sink has no place
    public void encode(InputStream text) throws IOException {
        if (composing == null) {
            blocks.read(text);
            return;
        }
        byte[] part = new byte[READ];
        for (int count = text.read(part); count >= 0; count = text.read(part)) {
            composing.accept(part, 0, count);
        }
        finish();
    }

    /// Takes the next part of the text, `bytes[from]` to `bytes[from + count - 1]`.
    ///
    /// @throws IOException if the sink has no place
    public void accept(byte[] bytes, int from, int count) throws IOException {
        if (composing == null) {
            blocks.accept(bytes, from, count);
        } else {
            composing.accept(bytes, from, count);
        }
    }

    /// Encodes what is still held back. The encoder can be used again, for another text.
    ///
    /// @throws IOException if the sink has no place
    public void finish() throws IOException {
        if (composing != null) {
            composing.finish();
        }
        blocks.finish();
    }
}
