package torrefy.tokenizer.corpus.clean;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import torrefy.tokenizer.Utf8;
import torrefy.tokenizer.corpus.read.Document;

/// Makes one document clean text, or drops it, and tells what it did. Any number of threads may use it at once.
public final class DocumentCleaner {

    /// A document with more control characters than this share is binary.
    private static final double MOST_CONTROLS = 0.01;

    /// A document in which less than this share is letters, digits and white space is not text.
    private static final double FEWEST_TEXT_CHARACTERS = 0.5;

    /// So many invalid bytes are replaced however short the document is.
    private static final int FEW_INVALID = 3;

    private final CleaningRules rules;

    public DocumentCleaner(CleaningRules rules) {
        this.rules = rules;
    }

    public Cleaned clean(Document document) {
        return new Course(document).cleaned();
    }

    /// One document on its way through the steps.
    private final class Course {
        private final Document document;
        private final List<Cleaned.Change> changes = new ArrayList<>(2);
        private byte[] bytes;
        private ByteCounts counts;

        Course(Document document) {
            this.document = document;
            this.bytes = document.bytes();
            this.counts = new ByteCounts(bytes);
        }

        Cleaned cleaned() {
            double mostInvalid = Math.max(FEW_INVALID, rules.invalidShare() * bytes.length);
            Charset encoding = encoding(mostInvalid);
            if (!encoding.equals(StandardCharsets.UTF_8)) {
                Encodings.Decoded decoded = Encodings.decode(bytes, encoding);
                if (decoded.invalidBytes() > mostInvalid) {
                    return drop(CleaningStep.INVALID_ENCODING);
                }
                change(CleaningStep.DECODED, decoded.utf8());
                if (decoded.invalidBytes() > 0) {
                    changes.add(new Cleaned.Change(CleaningStep.INVALID_BYTES, 0));
                }
            }
            if (isBinary()) {
                return drop(CleaningStep.BINARY);
            }
            int invalid = counts.isAscii() ? 0 : invalidBytes(bytes);
            if (invalid > mostInvalid) {
                return drop(CleaningStep.INVALID_UTF8);
            }
            change(CleaningStep.BYTE_ORDER_MARK, withoutByteOrderMark(bytes));
            if (invalid > 0) {
                change(
                        CleaningStep.INVALID_BYTES,
                        new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8));
            }
            if (counts.of('\r') > 0) {
                change(CleaningStep.LINE_ENDS, withPlainLineEnds(bytes));
            }
            if (counts.controls() > 0 || counts.of(0xC2) > 0) {
                change(CleaningStep.CONTROL_CHARACTERS, withoutControlCharacters(bytes));
            }
            if (rules.normalize()) {
                change(CleaningStep.NORMAL_FORM, counts.isAscii() ? bytes : composed(bytes));
                change(CleaningStep.BLANK_RUNS, Blanks.shortened(bytes));
            }
            if (rules.removeLicenceHeaders()) {
                cutHead(LicenceHeader.end(bytes, document.source()));
            }
            if (strippedLength(bytes) < rules.minimumBytes()) {
                return drop(CleaningStep.TOO_SHORT);
            }
            return isText() ? new Cleaned(bytes, changes) : drop(CleaningStep.NOT_TEXT);
        }

        /// The one that is said, else one that is recognized if that is wanted, else UTF-8.
        private Charset encoding(double mostInvalid) {
            if (document.encoding() != null) {
                return document.encoding();
            }
            return rules.normalize() && !counts.isAscii()
                    ? Encodings.recognized(bytes, mostInvalid)
                    : StandardCharsets.UTF_8;
        }

        private boolean isBinary() {
            return counts.of(0) > 0 || counts.controls() - counts.of('\f') > MOST_CONTROLS * bytes.length;
        }

        private boolean isText() {
            int characters = bytes.length;
            int textual = counts.textual();
            for (int at = counts.isAscii() ? bytes.length : 0; at < bytes.length; ) {
                int length = Utf8.characterLength(bytes, at, bytes.length);
                characters -= length - 1;
                textual += length > 1 && isTextual(Utf8.codePoint(bytes, at, length)) ? 1 : 0;
                at += length;
            }
            return textual >= FEWEST_TEXT_CHARACTERS * characters;
        }

        private Cleaned drop(CleaningStep step) {
            changes.add(new Cleaned.Change(step, bytes.length));
            return new Cleaned(null, changes);
        }

        private void cutHead(int end) {
            if (end > 0) {
                counts = counts.withoutHead(bytes, end);
                changes.add(new Cleaned.Change(CleaningStep.LICENCE_HEADER, end));
                bytes = Arrays.copyOfRange(bytes, end, bytes.length);
            }
        }

        /// A step that has nothing to do returns the array it was given.
        private void change(CleaningStep step, byte[] after) {
            if (after != bytes) {
                changes.add(new Cleaned.Change(step, bytes.length - after.length));
                bytes = after;
                counts = new ByteCounts(after);
            }
        }
    }

    /// Unicode's normal form C: é is one character, not e and an accent.
    private static byte[] composed(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return Normalizer.isNormalized(text, Normalizer.Form.NFC)
                ? bytes
                : Utf8.encode(Normalizer.normalize(text, Normalizer.Form.NFC));
    }

    /// The control characters of ASCII, without tab and line feed.
    private static boolean isControl(byte value) {
        return value >= 0 && value < ' ' && value != '\t' && value != '\n' || value == 0x7F;
    }

    static int invalidBytes(byte[] bytes) {
        int invalid = 0;
        int at = Utf8.wellFormedEnd(bytes, 0, bytes.length);
        while (at < bytes.length) {
            invalid++;
            at = Utf8.wellFormedEnd(bytes, at + 1, bytes.length);
        }
        return invalid;
    }

    private static byte[] withoutByteOrderMark(byte[] bytes) {
        boolean marked =
                bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF;
        return marked ? Arrays.copyOfRange(bytes, 3, bytes.length) : bytes;
    }

    /// `\r\n`, and `\r` alone, become `\n`.
    private static byte[] withPlainLineEnds(byte[] bytes) {
        byte[] plain = new byte[bytes.length];
        int out = 0;
        for (int in = 0; in < bytes.length; in++) {
            boolean belongsToNext = bytes[in] == '\r' && in + 1 < bytes.length && bytes[in + 1] == '\n';
            if (!belongsToNext) {
                plain[out++] = bytes[in] == '\r' ? (byte) '\n' : bytes[in];
            }
        }
        return Arrays.copyOf(plain, out);
    }

    /// Removes ASCII's control characters and U+0080 to U+009F, which are `C2 80` to `C2 9F` in UTF-8.
    private static byte[] withoutControlCharacters(byte[] bytes) {
        byte[] kept = new byte[bytes.length];
        int out = 0;
        for (int in = 0; in < bytes.length; in++) {
            if (bytes[in] == (byte) 0xC2 && (bytes[in + 1] & 0xff) < 0xA0) {
                in++;
            } else if (!isControl(bytes[in])) {
                kept[out++] = bytes[in];
            }
        }
        return out == bytes.length ? bytes : Arrays.copyOf(kept, out);
    }

    private static int strippedLength(byte[] bytes) {
        int from = 0;
        int to = bytes.length;
        while (from < to && isAsciiSpace(bytes[from])) {
            from++;
        }
        while (to > from && isAsciiSpace(bytes[to - 1])) {
            to--;
        }
        return to - from;
    }

    private static boolean isAsciiSpace(byte value) {
        return value == ' ' || value == '\n' || value == '\t';
    }

    private static boolean isTextual(int character) {
        if (Character.isLetterOrDigit(character) || Character.isWhitespace(character)) {
            return true;
        }
        // Vowel signs and accents of scripts that write them as characters of their own.
        return switch (Character.getType(character)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK -> true;
            default -> false;
        };
    }
}
