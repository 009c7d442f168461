package torrefy.tokenizer.corpus.read;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

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

    /// Hands the text in `in` to `sink` as documents of at most so many bytes as the rules say, Markdown stripped
    /// down to its text if they say so.
    static void read(InputStream in, String name, TextForm form, ReadingRules rules, DocumentSink sink)
            throws IOException {
        int partBytes = rules.partBytes();
        byte[] window = in.readNBytes(partBytes + 1);
        Charset encoding = TextEncoding.of(window, form, null, rules.encoding());
        boolean strip = rules.extract() && form == TextForm.MARKDOWN;
        if (window.length <= partBytes) {
            Document whole = new Document(name, form, 0, window.length, window, encoding);
            sink.document(strip ? MarkdownText.of(whole) : whole);
            return;
        }
        long from = 0;
        int filled = window.length;
        for (int part = 1; filled > 0 && !sink.hasEnough(); part++) {
            int cut = filled <= partBytes ? filled : cut(window, partBytes, encoding);
            Document text =
                    new Document(name + " part " + part, form, from, from + cut, Arrays.copyOf(window, cut), encoding);
            sink.document(strip ? MarkdownText.of(text) : text);
            from += cut;
            System.arraycopy(window, cut, window, 0, filled - cut);
            filled -= cut;
            filled += in.readNBytes(window, filled, window.length - filled);
        }
    }

    /// Where to end a document: after the last blank line in the second half of the window, else after its last line
    /// end, else between characters.
    private static int cut(byte[] window, int partBytes, Charset encoding) {
        if (encoding != null && !encoding.equals(StandardCharsets.UTF_8)) {
            return cutDecoded(window, partBytes, encoding);
        }
        int lines = endOfLines(i -> window[i], partBytes);
        if (lines > 0) {
            return lines;
        }
        int between = partBytes;
        while (between > partBytes - 4 && window[between] >> 6 == -2) {
            between--;
        }
        return between;
    }

    /// In other encodings line ends are looked for among the characters; a second decoding that stops there tells after
    /// how many bytes that is.
    private static int cutDecoded(byte[] window, int partBytes, Charset encoding) {
        ByteBuffer bytes = ByteBuffer.wrap(window, 0, partBytes);
        CharBuffer text = CharBuffer.allocate(2 * partBytes);
        decoder(encoding).decode(bytes, text, false);
        text.flip();
        int lines = endOfLines(text::get, text.length());
        if (lines == 0) {
            return bytes.position();
        }
        CharsetDecoder again = decoder(encoding);
        bytes.rewind();
        again.decode(bytes, CharBuffer.allocate(lines - 1), false);
        // The line end byte by byte: with more at hand, a decoder passes over what switches the encoding of the next
        // line.
        CharBuffer lineEnd = CharBuffer.allocate(1);
        for (int end = bytes.position() + 1; lineEnd.hasRemaining(); end++) {
            again.decode(bytes.limit(end), lineEnd, false);
        }
        return bytes.position();
    }

    private static CharsetDecoder decoder(Charset encoding) {
        return encoding.newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
    }

    /// The end of the last blank line in the second half of a text, else that of its last line there; 0 if none ends
    /// there.
    private static int endOfLines(IntUnaryOperator text, int length) {
        int lineEnd = 0;
        for (int i = length - 1; i > length / 2; i--) {
            if (text.applyAsInt(i) == '\n') {
                int before = text.applyAsInt(i - 1);
                if (before == '\n' || before == '\r' && text.applyAsInt(i - 2) == '\n') {
                    return i + 1;
                }
                lineEnd = Math.max(lineEnd, i + 1);
            }
        }
        return lineEnd;
    }
}
