package torrefy.tokenizer;

/// What split patterns ask of a character: which of a few classes it belongs to, looked up in a table instead of
/// asked of a regular expression engine. A class is one bit, so that "letter or mark" is one test.
///
/// The classes follow the general categories of the Unicode version that the running JDK knows, as the classes of
/// [java.util.regex.Pattern] do: `\p{L}` is [#LETTER], `\p{N}` [#NUMBER], `\s` [#SPACE].
final class CharacterClass {

    /// The end of the text, or a byte that is no character.
    static final int NONE = 0;

    /// `\p{Lu}` and `\p{Lt}`.
    static final int UPPER = 1;
    /// `\p{Ll}`.
    static final int LOWER = 1 << 1;
    /// `\p{Lm}` and `\p{Lo}`: letters without case.
    static final int CASELESS = 1 << 2;
    /// `\p{M}`.
    static final int MARK = 1 << 3;
    /// `\p{N}`.
    static final int NUMBER = 1 << 4;
    /// `\s`, the property White_Space, without the two of [#LINE_END].
    static final int BLANK = 1 << 5;
    /// `[\r\n]`.
    static final int LINE_END = 1 << 6;
    /// Everything else: punctuation, symbols, control characters, unassigned code points.
    static final int SIGN = 1 << 7;

    /// `\p{L}`.
    static final int LETTER = UPPER | LOWER | CASELESS;
    /// `\s`.
    static final int SPACE = BLANK | LINE_END;
    /// `[^\s\p{L}\p{N}]`.
    static final int OTHER = MARK | SIGN;

    private static final int PAGE_BITS = 8;
    /// Filled when first asked for. Two threads may fill the same page, with the same values.
    private static final byte[][] PAGES = new byte[Character.MAX_CODE_POINT + 1 >> PAGE_BITS][];

    /// Characters below 128 are most of many texts.
    private static final byte[] ASCII = page(0);

    private CharacterClass() {}

    /// The class of the character that begins at `text[at]`, and its length in bytes: `class << 3 | length`. At `to`,
    /// and where no well-formed character begins, [#NONE] and 0.
    static int at(byte[] text, int at, int to) {
        if (at >= to) {
            return NONE;
        }
        int first = text[at];
        return first >= 0 ? (ASCII[first] & 0xff) << 3 | 1 : beyondAscii(text, at, to);
    }

    static int classOf(int found) {
        return found >> 3;
    }

    static int lengthOf(int found) {
        return found & 7;
    }

    /// Where the run of characters of these classes ends that begins at `at`; `at` itself if there is none.
    static int runEnd(byte[] text, int at, int to, int classes) {
        int end = at;
        while (end < to) {
            int next = text[end];
            if (next >= 0) {
                if ((ASCII[next] & classes) == 0) {
                    break;
                }
                end++;
            } else {
                int found = beyondAscii(text, end, to);
                if ((classOf(found) & classes) == 0) {
                    break;
                }
                end += lengthOf(found);
            }
        }
        return end;
    }

    private static int beyondAscii(byte[] text, int at, int to) {
        int length = Utf8.characterLength(text, at, to);
        if (length <= 0) {
            return NONE;
        }
        return of(Utf8.codePoint(text, at, length)) << 3 | length;
    }

    /// The class of a code point.
    static int of(int codePoint) {
        byte[] page = PAGES[codePoint >> PAGE_BITS];
        if (page == null) {
            page = page(codePoint >> PAGE_BITS);
        }
        return page[codePoint & (1 << PAGE_BITS) - 1] & 0xff;
    }

    private static byte[] page(int number) {
        byte[] page = new byte[1 << PAGE_BITS];
        for (int i = 0; i < page.length; i++) {
            page[i] = (byte) classify(number << PAGE_BITS | i);
        }
        PAGES[number] = page;
        return page;
    }

    private static int classify(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.UPPERCASE_LETTER, Character.TITLECASE_LETTER -> UPPER;
            case Character.LOWERCASE_LETTER -> LOWER;
            case Character.MODIFIER_LETTER, Character.OTHER_LETTER -> CASELESS;
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK -> MARK;
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> NUMBER;
            case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> BLANK;
            case Character.CONTROL -> {
                if (codePoint == '\r' || codePoint == '\n') {
                    yield LINE_END;
                }
                boolean isBlank = codePoint >= '\t' && codePoint <= '\r' || codePoint == 0x85;
                yield isBlank ? BLANK : SIGN;
            }
            default -> SIGN;
        };
    }
}
