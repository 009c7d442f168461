package torrefy.tokenizer;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// A text that comes in parts of any size, handed on in blocks that end where it may be cut without changing its pieces
/// ([SplitPattern#lastCut]). Memory grows with the longest stretch without such a place.
final class TextBlocks {

    /// Takes a block: the first `size` bytes, valid during the call.
    @FunctionalInterface
    interface BlockSink {
        void block(byte[] bytes, int size) throws IOException;
    }

    private final SplitPattern pattern;
    private final BlockSink sink;
    private byte[] held;
    private int size;

    /// @param bytes of a block, about
    TextBlocks(SplitPattern pattern, int bytes, BlockSink sink) {
        this.pattern = pattern;
        this.sink = sink;
        held = new byte[bytes];
    }

    /// Takes all that is left of a stream, as the last part of the text.
    void read(InputStream text) throws IOException {
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

    /// Takes the next part of the text.
    void accept(byte[] bytes, int from, int count) throws IOException {
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

    /// Hands on what is still held back: the text ends here.
    void finish() throws IOException {
        sink.block(held, size);
        size = 0;
    }

    /// If no room is left, hands on what lies before the last cut, or makes more room if there is none.
    private void makeRoom() throws IOException {
        if (size < held.length) {
            return;
        }
        int cut = pattern.lastCut(held, 0, size);
        if (cut < 0) {
            int length = held.length > Integer.MAX_VALUE / 2 ? Integer.MAX_VALUE - 8 : 2 * held.length;
            if (length == held.length) {
                throw new IOException("a stretch of " + size + " bytes has no place where the text may be cut");
            }
            held = Arrays.copyOf(held, length);
            return;
        }
        sink.block(held, cut);
        System.arraycopy(held, cut, held, 0, size - cut);
        size -= cut;
    }
}
