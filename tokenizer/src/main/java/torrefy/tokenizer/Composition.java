package torrefy.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/// Unicode's normal form C, in which a letter and its accent are one character where there is such a one: Unicode
/// Standard Annex #15. Two texts that look the same then have the same tokens.
///
/// Bytes that are no well-formed UTF-8 stay as they are, and nothing composes across them.
final class Composition {

    private Composition() {}

    /// The text in that form; the array itself if it is in that form already.
    static byte[] of(byte[] text) {
        if (isAscii(text)) {
            return text;
        }
        ByteArrayOutputStream composed = new ByteArrayOutputStream(text.length);
        boolean changed = false;
        for (int at = 0; at < text.length; ) {
            int end = Utf8.wellFormedEnd(text, at, text.length);
            String run = new String(text, at, end - at, StandardCharsets.UTF_8);
            if (Normalizer.isNormalized(run, Normalizer.Form.NFC)) {
                composed.write(text, at, end - at);
            } else {
                composed.writeBytes(Utf8.encode(Normalizer.normalize(run, Normalizer.Form.NFC)));
                changed = true;
            }
            at = end;
            if (at < text.length) {
                composed.write(text[at++]);
            }
        }
        return changed ? composed.toByteArray() : text;
    }

    /// ASCII characters compose with nothing before them, and with each other not at all.
    private static boolean isAscii(byte[] text) {
        for (byte value : text) {
            if (value < 0) {
                return false;
            }
        }
        return true;
    }
}
