package torrefy.tokenizer.corpus.clean;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import torrefy.tokenizer.Utf8;

/// Recognizes texts in other encodings than UTF-8 and decodes them: UTF-16 by its byte order mark, and windows-1252,
/// the encoding of western Europe that most texts without a mark are in which are not UTF-8. Of a text with no more
/// stray bytes than a rule allows it is assumed that it is UTF-8 with damage.
final class Encodings {

    private static final Charset WESTERN = Charset.forName("windows-1252");

    /// A western text has letters beyond ASCII, but not more of them than of others; beyond that it is something else.
    private static final double MOST_HIGH_BYTES = 0.25;

    /// These bytes mean nothing in windows-1252.
    private static final String UNUSED = "\u0081\u008D\u008F\u0090\u009D";

    private Encodings() {}

    /// The text in UTF-8, or `bytes` itself if no other encoding was recognized.
    ///
    /// @param mostInvalid with more stray bytes than this, a text is not UTF-8
    static byte[] toUtf8(byte[] bytes, double mostInvalid) {
        if (bytes.length >= 2 && bytes.length % 2 == 0) {
            int mark = (bytes[0] & 0xff) << 8 | bytes[1] & 0xff;
            if (mark == 0xFEFF || mark == 0xFFFE) {
                return Utf8.encode(new String(bytes, StandardCharsets.UTF_16));
            }
        }
        if (DocumentCleaner.invalidBytes(bytes) <= mostInvalid || !isWestern(bytes)) {
            return bytes;
        }
        return Utf8.encode(new String(bytes, WESTERN));
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
