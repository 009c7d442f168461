package torrefy.examples.tokens;

/// GPT-2's split pattern without a regular expression engine, for ASCII. The engine tries alternative after alternative
/// at every place and takes back what did not fit; here the first characters of a piece already tell which alternative
/// it is, and the rest of the piece is one run through a table.
///
/// ```text
/// '(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
/// ```
final class WordScanner {

    private static final byte LETTER = 0;
    private static final byte DIGIT = 1;
    private static final byte SPACE = 2;
    private static final byte SIGN = 3;

    /// The kind of each of the 128 characters.
    private static final byte[] KINDS = new byte[128];

    static {
        for (char c = 0; c < KINDS.length; c++) {
            boolean isSpace = c == ' ' || c >= '\t' && c <= '\r';
            KINDS[c] = Character.isLetter(c) ? LETTER : Character.isDigit(c) ? DIGIT : isSpace ? SPACE : SIGN;
        }
    }

    private WordScanner() {}

    /// The end of the piece that begins at a place.
    static int end(byte[] text, int at) {
        int contraction = contractionLength(text, at);
        if (contraction > 0) {
            return at + contraction;
        }
        int start = text[at] == ' ' && at + 1 < text.length ? at + 1 : at;
        byte kind = KINDS[text[start]];
        if (kind != SPACE) {
            return runEnd(text, start, kind);
        }
        // `\s+(?!\S)|\s+`: the last of several spaces is left to the word that follows.
        int end = runEnd(text, at, SPACE);
        return end == text.length || end == at + 1 ? end : end - 1;
    }

    private static int runEnd(byte[] text, int start, byte kind) {
        int end = start;
        while (end < text.length && KINDS[text[end]] == kind) {
            end++;
        }
        return end;
    }

    /// `'(?:[sdmt]|ll|ve|re)`, or 0.
    private static int contractionLength(byte[] text, int at) {
        if (text[at] != '\'' || at + 1 == text.length) {
            return 0;
        }
        int next = text[at + 1];
        if (next == 's' || next == 'd' || next == 'm' || next == 't') {
            return 2;
        }
        int afterNext = at + 2 < text.length ? text[at + 2] : 0;
        boolean isLong = next == 'l' && afterNext == 'l' || (next == 'v' || next == 'r') && afterNext == 'e';
        return isLong ? 3 : 0;
    }
}
