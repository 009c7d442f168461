package torrefy.examples.tokens;

import java.util.Arrays;
import java.util.function.Function;

/// What short pieces became, without an object for each look: a piece of up to seven bytes and its length are one
/// number, so finding it is one multiplication and one comparison, where a map of strings makes a string, computes its
/// hash and compares its characters.
final class NumberCache {

    static final int LONGEST = 7;
    private static final int BITS = 15;

    private final long[] pieces = new long[1 << BITS];
    private final int[][] tokens = new int[1 << BITS][];
    private final Function<byte[], int[]> encoder;

    /// @param encoder for pieces that are not known yet
    NumberCache(Function<byte[], int[]> encoder) {
        this.encoder = encoder;
    }

    /// The tokens of `text[from]` to `text[to - 1]`; `to - from` is at most [#LONGEST].
    int[] encode(byte[] text, int from, int to) {
        long piece = to - from;
        for (int i = from; i < to; i++) {
            piece = piece << 8 | text[i];
        }
        // The upper bits of a product depend on all bits of its factors. The odd number is 2^64 over the golden ratio.
        int place = (int) (piece * 0x9E3779B97F4A7C15L >>> 64 - BITS);
        if (pieces[place] != piece) {
            // Whoever was here before is forgotten: it can be encoded again.
            tokens[place] = encoder.apply(Arrays.copyOfRange(text, from, to));
            pieces[place] = piece;
        }
        return tokens[place];
    }
}
