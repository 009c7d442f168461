package torrefy.tokenizer.corpus.clean;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import torrefy.tokenizer.Utf8;
import torrefy.tokenizer.corpus.read.TextEncoding;

/// Decodes texts in other encodings than UTF-8, and recognizes them if nothing is said: UTF-16 by its byte order
/// mark, and windows-1252, the encoding of western Europe that most texts without a mark are in which are not UTF-8.
/// Of a text with no more stray bytes than a rule allows it is assumed that it is UTF-8 with damage.
final class Encodings {

    private static final Charset WESTERN = Charset.forName("windows-1252");

    /// A western text has letters beyond ASCII, but not more of them than of others; beyond that it is something else.
    private static final double MOST_HIGH_BYTES = 0.25;

    /// These bytes mean nothing in windows-1252.
    private static final String UNUSED = "\u0081\u008D\u008F\u0090\u009D";

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private Encodings() {}

    /// The encoding of a text that nothing is said of; UTF-8 if no other is recognized.
    ///
    /// @param mostInvalid with more stray bytes than this, a text is not UTF-8
    static Charset recognized(byte[] bytes, double mostInvalid) {
        Charset marked = TextEncoding.marked(bytes);
        if (marked != null) {
            return marked;
        }
        return DocumentCleaner.invalidBytes(bytes) > mostInvalid && isWestern(bytes) ? WESTERN : StandardCharsets.UTF_8;
    }

    /// A text in UTF-8.
    ///
    /// @param utf8 the text; the array that was given if there is no difference
    /// @param invalidBytes how many mean nothing in its encoding; each run of them has become U+FFFD
    record Decoded(byte[] utf8, int invalidBytes) {}

    static Decoded decode(byte[] bytes, Charset encoding) {
        CharsetDecoder decoder = encoding.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(1 << 13);
        StringBuilder text = new StringBuilder(bytes.length);
        int invalid = 0;
        CoderResult result;
        do {
            result = decoder.decode(in, out, true);
            text.append(out.flip());
            out.clear();
            if (result.isError()) {
                in.position(in.position() + result.length());
                invalid += result.length();
                text.append('\uFFFD');
            }
        } while (!result.isUnderflow());
        decoder.flush(out);
        text.append(out.flip());
        boolean isMarked = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK;
        byte[] utf8 = Utf8.encode(isMarked ? text.deleteCharAt(0) : text);
        return new Decoded(Arrays.equals(utf8, bytes) ? bytes : utf8, invalid);
    }

    private static boolean isWestern(byte[] bytes) {
        int high = 0;
        for (byte value : bytes) {
            if (value < 0) {
                high++;
                if (UNUSED.indexOf(value & 0xff) >= 0) {
                    return false;
                }
            }
        }
        return high <= MOST_HIGH_BYTES * bytes.length;
    }
}
