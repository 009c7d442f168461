package torrefy.tokenizer.corpus.clean;

/// How often each byte value stands in a text. One pass over the text answers questions that would take a pass each.
final class ByteCounts {

    private final int[] counts;
    private final boolean isAscii;

    ByteCounts(byte[] text) {
        this(new int[256], text, 0, text.length, 1);
    }

    /// The counts of `text` once its first `end` bytes are cut off.
    ByteCounts withoutHead(byte[] text, int end) {
        return new ByteCounts(counts.clone(), text, 0, end, -1);
    }

    private ByteCounts(int[] counts, byte[] text, int from, int to, int sign) {
        this.counts = counts;
        for (int i = from; i < to; i++) {
            counts[text[i] & 0xff] += sign;
        }
        int high = 0;
        for (int value = 128; value < 256; value++) {
            high += counts[value];
        }
        isAscii = high == 0;
    }

    int of(int value) {
        return counts[value];
    }

    boolean isAscii() {
        return isAscii;
    }

    /// The control characters of ASCII, without tab and line ends.
    int controls() {
        int controls = counts[0x7F] - counts['\t'] - counts['\n'] - counts['\r'];
        for (int value = 0; value < ' '; value++) {
            controls += counts[value];
        }
        return controls;
    }

    /// Letters and digits of ASCII and white space.
    int textual() {
        int textual = 0;
        for (int value = 0; value <= ' '; value++) {
            textual += counts[value];
        }
        for (int value = '0'; value <= '9'; value++) {
            textual += counts[value];
        }
        for (int letter = 'a'; letter <= 'z'; letter++) {
            textual += counts[letter] + counts[letter - 'a' + 'A'];
        }
        return textual;
    }
}
