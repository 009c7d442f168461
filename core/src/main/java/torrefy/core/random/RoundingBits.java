package torrefy.core.random;

/// Random bits for stochastic rounding, 32 for each position: cheaper than [Philox] by far, because an optimizer draws
/// them for every number it writes, and good enough for what is rounded away.
///
/// Two rounds of a bijection of 32-bit words, each with a key word before it. The bijection is `lowbias32`, the best of
/// its form in a search by Wellons, "Prospecting for hash functions", 2018 (nullprogram.com/blog/2018/07/31): shifts
/// and multiplications that a SIMD register does in a few cycles.
///
/// @param first the key word of the first round
/// @param second the key word of the second round
public record RoundingBits(int first, int second) {

    /// The multipliers of the bijection.
    public static final int MULTIPLIER_0 = 0x7feb352d;

    public static final int MULTIPLIER_1 = 0x846ca68b;

    /// The bits of a key's stream.
    public static RoundingBits of(RandomKey key) {
        int[] words = new int[4];
        key.words(0, words, 0);
        return new RoundingBits(words[0], words[1]);
    }

    /// The 32 bits of `position`.
    public int at(int position) {
        return mix(mix(position ^ first) ^ second);
    }

    private static int mix(int x) {
        x = (x ^ x >>> 16) * MULTIPLIER_0;
        x = (x ^ x >>> 15) * MULTIPLIER_1;
        return x ^ x >>> 16;
    }
}
