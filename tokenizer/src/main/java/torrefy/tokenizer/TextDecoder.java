package torrefy.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Decodes tokens as they come, for showing text while it is being written. A token may end inside a character; those
/// bytes are held back until the rest arrives. All that is returned, put together, is what
/// [Tokenizer#decodeText] gives for all tokens at once.
public final class TextDecoder {

    private final Tokenizer tokenizer;
    private byte[] heldBack = {};

    TextDecoder(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /// The text that `token` completes; empty if it ends inside a character.
    ///
    /// @throws IllegalArgumentException if the token is not in the vocabulary
    public String accept(int token) {
        byte[] bytes = Tokenizer.concatenation(heldBack, tokenizer.decode(token));
        int complete = bytes.length - unfinished(bytes);
        heldBack = Arrays.copyOfRange(bytes, complete, bytes.length);
        return new String(bytes, 0, complete, StandardCharsets.UTF_8);
    }

    /// The text of what is still held back, which is no complete character: U+FFFD, or nothing. The decoder can be
    /// used again.
    public String finish() {
        String rest = new String(heldBack, StandardCharsets.UTF_8);
        heldBack = new byte[0];
        return rest;
    }

    /// How many of the last bytes are the beginning of a character, or of what has the form of one: a first byte that
    /// announces more bytes than there are. Whether such a sequence is well-formed shows when it is decoded, as a
    /// whole.
    private static int unfinished(byte[] bytes) {
        for (int count = 1; count <= Math.min(3, bytes.length); count++) {
            int value = bytes[bytes.length - count] & 0xff;
            boolean continues = value >> 6 == 0b10;
            if (!continues) {
                int announced = value < 0xC0 ? 1 : value < 0xE0 ? 2 : value < 0xF0 ? 3 : 4;
                return announced > count ? count : 0;
            }
        }
        return 0;
    }
}
