package torrefy.tokenizer.corpus.clean;

import java.util.Arrays;

/// Runs of white space that carry nothing: blanks at the ends of lines, and more than two empty lines in a row.
/// Indentation stays, code needs it.
final class Blanks {

    private static final int MOST_LINE_ENDS = 3;

    private Blanks() {}

    /// The text with shorter runs, or `text` itself if there was nothing to do.
    static byte[] shortened(byte[] text) {
        int first = firstTooLong(text);
        if (first == text.length) {
            return text;
        }
        while (first > 0 && (isBlank(text[first - 1]) || text[first - 1] == '\n')) {
            first--;
        }
        byte[] kept = text.clone();
        int out = first;
        int lineEnds = 0;
        for (int in = first; in < text.length; in++) {
            if (text[in] == '\n') {
                while (out > 0 && isBlank(kept[out - 1])) {
                    out--;
                }
                lineEnds = out > 0 && kept[out - 1] == '\n' ? lineEnds + 1 : 1;
                if (lineEnds > MOST_LINE_ENDS) {
                    continue;
                }
            }
            kept[out++] = text[in];
        }
        return Arrays.copyOf(kept, out);
    }

    /// A place in the first run that is too long; the length of the text if none is.
    private static int firstTooLong(byte[] text) {
        int lineEnds = 0;
        for (int i = 0; i < text.length; i++) {
            if (text[i] != '\n') {
                lineEnds = 0;
            } else if (++lineEnds > MOST_LINE_ENDS || i > 0 && isBlank(text[i - 1])) {
                return i;
            }
        }
        return text.length;
    }

    private static boolean isBlank(byte value) {
        return value == ' ' || value == '\t';
    }
}
