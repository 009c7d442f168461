package torrefy.tokenizer.corpus.clean;

import java.util.Arrays;

/// Runs of white space that carry nothing: blanks at the ends of lines, and more than two empty lines in a row.
/// Indentation stays, code needs it.
final class Blanks {

    private static final int MOST_LINE_ENDS = 3;

    private Blanks() {}

    /// The text with shorter runs, or `text` itself if there was nothing to do.
    static byte[] shortened(byte[] text) {
        byte[] kept = null;
        int out = 0;
        int lineEnds = 0;
        for (int in = 0; in < text.length; in++) {
            byte value = text[in];
            if (value == '\n') {
                while (out > 0 && isBlank(kept == null ? text[out - 1] : kept[out - 1])) {
                    kept = kept == null ? text.clone() : kept;
                    out--;
                }
                lineEnds = out > 0 && (kept == null ? text[out - 1] : kept[out - 1]) == '\n' ? lineEnds + 1 : 1;
                if (lineEnds > MOST_LINE_ENDS) {
                    kept = kept == null ? text.clone() : kept;
                    continue;
                }
            }
            if (kept != null) {
                kept[out] = value;
            }
            out++;
        }
        return kept == null ? text : Arrays.copyOf(kept, out);
    }

    private static boolean isBlank(byte value) {
        return value == ' ' || value == '\t';
    }
}
