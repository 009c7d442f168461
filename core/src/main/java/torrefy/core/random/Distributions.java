package torrefy.core.random;

import java.util.Objects;

/// Distributions over the numbers of a [RandomKey]. Element `i` depends on the key and on `i` alone.
public final class Distributions {

    private static final double TO_UNIT = 0x1p-24;

    private Distributions() {}

    /// One of 2^24 equally spaced numbers in [0, 1), from a random word.
    public static float unit(int word) {
        return (float) ((word >>> 8) * TO_UNIT);
    }

    /// Fills `out[from]` … `out[from + count - 1]` with uniform numbers in [0, 1).
    public static void uniform(RandomKey key, float[] out, int from, int count) {
        uniform(key, 0, out, from, count);
    }

    /// [#uniform], beginning at element `4·block`.
    public static void uniform(RandomKey key, long block, float[] out, int from, int count) {
        Objects.checkFromIndexSize(from, count, out.length);
        int[] words = new int[4];
        for (int i = 0; i < count; i++) {
            if (i % 4 == 0) {
                key.words(block + i / 4, words, 0);
            }
            out[from + i] = unit(words[i % 4]);
        }
    }

    /// Fills `out[from]` … `out[from + count - 1]` with standard normal numbers.
    ///
    /// Box–Muller: two uniform numbers u, v give `√(−2 ln u)·cos 2πv` and `√(−2 ln u)·sin 2πv`. Computed with
    /// [StrictMath], so that every machine gets the same bits.
    public static void normal(RandomKey key, float[] out, int from, int count) {
        normal(key, 0, out, from, count);
    }

    /// [#normal], beginning at element `4·block`.
    public static void normal(RandomKey key, long block, float[] out, int from, int count) {
        Objects.checkFromIndexSize(from, count, out.length);
        int[] words = new int[4];
        for (int i = 0; i < count; i += 2) {
            if (i % 4 == 0) {
                key.words(block + i / 4, words, 0);
            }
            double u = ((words[i % 4] >>> 8) + 0.5) * TO_UNIT;
            double v = (words[i % 4 + 1] >>> 8) * TO_UNIT;
            double radius = StrictMath.sqrt(-2 * StrictMath.log(u));
            out[from + i] = (float) (radius * StrictMath.cos(2 * Math.PI * v));
            if (i + 1 < count) {
                out[from + i + 1] = (float) (radius * StrictMath.sin(2 * Math.PI * v));
            }
        }
    }

    /// The numbers 0 to `count - 1` in random order: the shuffle of Fisher and Yates, drawn from the top.
    public static int[] permutation(RandomKey key, int count) {
        int[] order = new int[count];
        int[] words = new int[4];
        for (int i = 0; i < count; i++) {
            order[i] = i;
        }
        for (int i = count - 1; i > 0; i--) {
            key.words(i, words, 0);
            int j = below(words, i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }

    /// A whole number from 0 to `bound - 1` from the 64 bits in `words[0]` and `words[1]`. The bias of scaling 64 bits
    /// to at most 31 is below 2^-33.
    public static int below(int[] words, int bound) {
        long bits = (long) words[1] << 32 | words[0] & 0xffffffffL;
        return (int) Math.unsignedMultiplyHigh(bits, bound);
    }
}
