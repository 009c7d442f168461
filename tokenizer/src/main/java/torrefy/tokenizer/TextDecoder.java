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

    /// How many of the last bytes are the beginning of a character.
    private static int unfinished(byte[] bytes) {
        for (int at = bytes.length - 1; at >= Math.max(0, bytes.length - 3); at--) {
            int length = Utf8.characterLength(bytes, at, bytes.length);
            if (length < 0) {
                return -length;
            }
        }
        return 0;
    }
}
