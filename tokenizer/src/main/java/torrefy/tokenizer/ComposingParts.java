package torrefy.tokenizer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/// Brings a text that comes in parts into the form of [Composition], and hands it on.
///
/// What follows may still compose with the end of a part. It does not reach back across an ASCII character, which
/// composes with nothing before it: from the last one on bytes are held until the next comes.
final class ComposingParts {

    /// Takes the next bytes of the composed text, `bytes[from]` to `bytes[from + count - 1]`.
    @FunctionalInterface
    interface Sink {
        void accept(byte[] bytes, int from, int count) throws IOException;
    }

    private final Sink sink;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();

    ComposingParts(Sink sink) {
        this.sink = sink;
    }

    void accept(byte[] bytes, int from, int count) throws IOException {
        int to = from + count;
        int cut = to - 1;
        while (cut >= from && bytes[cut] < 0) {
            cut--;
        }
        if (cut >= from) {
            held.write(bytes, from, cut - from);
            handOn();
        }
        int rest = Math.max(from, cut);
        held.write(bytes, rest, to - rest);
    }

    /// Hands on what is held: the text ends here.
    void finish() throws IOException {
        handOn();
    }

    private void handOn() throws IOException {
        byte[] composed = Composition.of(held.toByteArray());
        held.reset();
        sink.accept(composed, 0, composed.length);
    }
}
