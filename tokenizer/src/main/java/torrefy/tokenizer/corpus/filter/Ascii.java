package torrefy.tokenizer.corpus.filter;

/// What the characters below 128 are, looked up: most texts are made of them, and the processor could not foresee a
/// branch for each.
final class Ascii {

    /// Number of characters.
    static final int SIZE = 128;

    private static final byte[] LETTER = new byte[SIZE];
    private static final byte[] LETTER_OR_DIGIT = new byte[SIZE];
    private static final byte[] LOWER_CASE = new byte[SIZE];

    static {
        for (int c = 0; c < SIZE; c++) {
            LETTER[c] = (byte) (Character.isLetter(c) ? 1 : 0);
            LETTER_OR_DIGIT[c] = (byte) (Character.isLetterOrDigit(c) ? 1 : 0);
            LOWER_CASE[c] = (byte) Character.toLowerCase(c);
        }
    }

    private Ascii() {}

    /// 1 for a letter, 0 for others.
    static int letter(int c) {
        return LETTER[c];
    }

    /// 1 for a letter or a digit, 0 for others.
    static int letterOrDigit(int c) {
        return LETTER_OR_DIGIT[c];
    }

    static int lowerCase(int c) {
        return LOWER_CASE[c];
    }
}
