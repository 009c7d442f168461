package torrefy.tokenizer;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
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
/// split pattern of its owner's making. Serves one thread at a time.
public final class TextEncoder {

    /// Bytes that are collected before they are encoded, for each thread.
    private static final int BLOCK = 1 << 20;

    private final Tokenizer tokenizer;
    private final ParallelLoop loop;
    private final TokenSink sink;

    private byte[] held;
    private int size;

    TextEncoder(Tokenizer tokenizer, ParallelLoop loop, TokenSink sink) {
        this(tokenizer, loop, sink, BLOCK * loop.threads());
    }

    /// @param block bytes that are collected before they are encoded
    TextEncoder(Tokenizer tokenizer, ParallelLoop loop, TokenSink sink, int block) {
        this.tokenizer = tokenizer;
        this.loop = loop;
        this.sink = sink;
        held = new byte[block];
    }

    /// Takes all that is left of a stream, as the last part of the text.
    ///
    /// @throws IOException if it cannot be read, or the sink has no place
    public void encode(InputStream text) throws IOException {
        while (true) {
            makeRoom();
            int count = text.read(held, size, held.length - size);
            if (count < 0) {
                finish();
                return;
            }
            size += count;
        }
    }

    /// Takes the next part of the text, `bytes[from]` to `bytes[from + count - 1]`.
    ///
    /// @throws IOException if the sink has no place
    public void accept(byte[] bytes, int from, int count) throws IOException {
        int at = from;
        int to = from + count;
        while (at < to) {
            makeRoom();
            int taken = Math.min(to - at, held.length - size);
            System.arraycopy(bytes, at, held, size, taken);
            size += taken;
            at += taken;
        }
    }

    /// Encodes what is still held back. The encoder can be used again, for another text.
    ///
    /// @throws IOException if the sink has no place
    public void finish() throws IOException {
        pass(size);
        size = 0;
    }

    /// If no room is left, encodes up to the last cut, or makes more room if there is none.
    private void makeRoom() throws IOException {
        if (size < held.length) {
            return;
        }
        int cut = tokenizer.splitPattern().lastCut(held, 0, size);
        if (cut < 0) {
            int length = held.length > Integer.MAX_VALUE / 2 ? Integer.MAX_VALUE - 8 : 2 * held.length;
            if (length == held.length) {
                throw new IOException("a stretch of " + size + " bytes has no place where the text may be cut");
            }
            held = Arrays.copyOf(held, length);
            return;
        }
        pass(cut);
        System.arraycopy(held, cut, held, 0, size - cut);
        size -= cut;
    }

    private void pass(int to) throws IOException {
        for (int[] tokens : Portions.of(held, to, tokenizer.splitPattern()).encode(tokenizer, loop)) {
            sink.accept(tokens, 0, tokens.length);
        }
    }
}
