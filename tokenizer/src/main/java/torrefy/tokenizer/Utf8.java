package torrefy.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// What UTF-8 is and what is not. Well-formed means table 3-7 of the Unicode Standard: no overlong forms, no
/// surrogates, nothing above U+10FFFF.
public final class Utf8 {

    private Utf8() {}

    /// The bytes of `text`. An unpaired surrogate, which UTF-8 cannot express, becomes U+FFFD.
    public static byte[] encode(CharSequence text) {
        String string = text.toString();
        return (hasUnpairedSurrogate(string) ? withoutUnpairedSurrogates(string) : string)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static boolean hasUnpairedSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (Character.charCount(text.codePointAt(i)) == 1) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }

    /// Java's own encoder would write a question mark.
    private static String withoutUnpairedSurrogates(String text) {
        StringBuilder sound = new StringBuilder(text.length());
        text.codePoints()
                .map(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 0xFFFD : point)
                .forEach(sound::appendCodePoint);
        return sound.toString();
    }

    /// The index of the first byte in `[from, to)` that begins no well-formed character, or `to`.
    public static int wellFormedEnd(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            if (bytes[at] >= 0) {
                at++;
                continue;
            }
            int length = characterLength(bytes, at, to);
            if (length <= 0) {
                return at;
            }
            at += length;
        }
        return to;
    }

    /// The length of the character that begins at `at`: 1 to 4 if it is well-formed and ends before `to`; 0 if the
    /// bytes belong to no character; negative, minus the number of bytes present, if they are the beginning of one
    /// that `to` cuts off.
    public static int characterLength(byte[] bytes, int at, int to) {
        int lead = bytes[at] & 0xff;
        if (lead < 0x80) {
            return 1;
        }
        int length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
        for (int i = 1; i < length; i++) {
            if (at + i == to) {
                return -i;
            }
            int next = bytes[at + i] & 0xff;
            if (next >> 6 != 0b10 || i == 1 && !secondByteFits(lead, next)) {
                return 0;
            }
        }
        return length;
    }

    /// The code point of the character of `length` bytes at `at`; U+FFFD for a single byte that is none.
    public static int codePoint(byte[] bytes, int at, int length) {
        if (length == 1) {
            return bytes[at] >= 0 ? bytes[at] : 0xFFFD;
        }
        int codePoint = bytes[at] & 0xff >> length + 1;
        for (int i = 1; i < length; i++) {
            codePoint = codePoint << 6 | bytes[at + i] & 0x3f;
        }
        return codePoint;
    }

    /// For people: characters as they are, control characters and bytes that are no whole character in hexadecimal, as
    /// in `‹E2 82›`.
    static String display(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        boolean isOpen = false;
        for (int at = 0; at < bytes.length; ) {
            int length = characterLength(bytes, at, bytes.length);
            boolean isText = length > 0 && !Character.isISOControl(codePoint(bytes, at, length));
            if (isText) {
                text.append(isOpen ? "›" : "").append(new String(bytes, at, length, StandardCharsets.UTF_8));
                at += length;
            } else {
                text.append(isOpen ? ' ' : '‹')
                        .append(HexFormat.of().withUpperCase().toHexDigits(bytes[at++]));
            }
            isOpen = !isText;
        }
        return text.append(isOpen ? "›" : "").toString();
    }

    /// Overlong forms, surrogates and what lies above U+10FFFF show in the second byte.
    private static boolean secondByteFits(int lead, int second) {
        return switch (lead) {
            case 0xE0 -> second >= 0xA0;
            case 0xED -> second <= 0x9F;
            case 0xF0 -> second >= 0x90;
            case 0xF4 -> second <= 0x8F;
            default -> true;
        };
    }
}
