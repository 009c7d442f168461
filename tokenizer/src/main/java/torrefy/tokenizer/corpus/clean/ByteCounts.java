package torrefy.tokenizer.corpus.clean;

/// How often each byte value stands in a text. One pass over the text answers questions that would take a pass each.
final class ByteCounts {

    private final int[] counts = new int[256];
    private final boolean isAscii;

    ByteCounts(byte[] text) {
        for (byte value : text) {
            counts[value & 0xff]++;
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
