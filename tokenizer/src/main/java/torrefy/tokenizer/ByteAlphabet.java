package torrefy.tokenizer;

import java.util.Arrays;

/// The spelling of bytes as visible characters that `tokenizer.json` uses, so that any byte string is a JSON string
/// without spaces or control characters. Bytes 33 to 126, 161 to 172 and 174 to 255 stand for the characters of the
/// same number; the 68 others, in ascending order, for U+0100, U+0101 … (the space becomes `Ġ`).
/// Source: Radford et al., "Language models are unsupervised multitask learners", 2019, its published encoder.
final class ByteAlphabet {

    private static final char[] LETTERS = new char[256];
    private static final int[] VALUES = new int[0x100 + 68];

    static {
        Arrays.fill(VALUES, -1);
        char next = 0x100;
        for (int value = 0; value < 256; value++) {
            boolean visible = value >= 33 && value <= 126 || value >= 161 && value != 173;
            LETTERS[value] = visible ? (char) value : next++;
            VALUES[LETTERS[value]] = value;
        }
    }

    private ByteAlphabet() {}

    static String spell(byte[] bytes) {
        char[] letters = new char[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            letters[i] = LETTERS[bytes[i] & 0xff];
        }
        return new String(letters);
    }

    /// The bytes that `spelling` stands for, or null if it has a character outside the alphabet.
    static byte[] read(String spelling) {
        byte[] bytes = new byte[spelling.length()];
        for (int i = 0; i < bytes.length; i++) {
            char letter = spelling.charAt(i);
            if (letter >= VALUES.length || VALUES[letter] < 0) {
                return null;
            }
            bytes[i] = (byte) VALUES[letter];
        }
        return bytes;
    }
}
