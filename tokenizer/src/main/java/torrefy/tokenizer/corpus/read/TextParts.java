package torrefy.tokenizer.corpus.read;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// Cuts long texts into documents. A corpus is often one file; without a cut it would be one document, and nothing of
/// it could be held out.
final class TextParts {

    private static final int SMALLEST_PART = 1 << 12;
    private static final int LARGEST_PART = 1 << 20;
    private static final int PARTS = 64;

    private TextParts() {}

    /// How many bytes of text one document may hold in a corpus of so many.
    static int partBytes(long corpusBytes) {
        return Math.clamp(corpusBytes / PARTS, SMALLEST_PART, LARGEST_PART);
    }

    /// Hands the text in `in` to `sink` as documents of at most `partBytes`.
    ///
    /// @param extract whether each part is stripped down to its text
    static void read(InputStream in, String name, TextForm form, int partBytes, boolean extract, DocumentSink sink)
            throws IOException {
        byte[] window = in.readNBytes(partBytes + 1);
        if (window.length <= partBytes) {
            sink.document(new Document(name, form, 0, window.length, extract ? Extraction.text(form, window) : window));
            return;
        }
        long from = 0;
        int filled = window.length;
        for (int part = 1; filled > 0 && !sink.hasEnough(); part++) {
            int cut = filled <= partBytes ? filled : cut(window, partBytes);
            byte[] text = Arrays.copyOf(window, cut);
            sink.document(new Document(
                    name + " part " + part, form, from, from + cut, extract ? Extraction.text(form, text) : text));
            from += cut;
            System.arraycopy(window, cut, window, 0, filled - cut);
            filled -= cut;
            filled += in.readNBytes(window, filled, window.length - filled);
        }
    }

    /// Where to end a document: after the last blank line in the second half of the window, else after its last line
    /// end, else between characters.
    private static int cut(byte[] window, int partBytes) {
        int lineEnd = -1;
        for (int i = partBytes - 1; i > partBytes / 2; i--) {
            if (window[i] == '\n') {
                boolean afterLineEnd = window[i - 1] == '\n' || window[i - 1] == '\r' && window[i - 2] == '\n';
                if (afterLineEnd) {
                    return i + 1;
                }
                lineEnd = Math.max(lineEnd, i + 1);
            }
        }
        if (lineEnd >= 0) {
            return lineEnd;
        }
        int between = partBytes;
        while (between > partBytes - 4 && window[between] >> 6 == -2) {
            between--;
        }
        return between;
    }
}
