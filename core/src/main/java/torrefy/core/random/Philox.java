package torrefy.core.random;

/// The counter-based generator Philox 4×32 with ten rounds: a keyed bijection of 128-bit counters whose outputs pass
/// every statistical test known to its authors.
///
/// There is no state to share or to save. The n-th random number of a stream is a function of key and counter, so any
/// thread, and any step after a resume, computes it alone. Source: Salmon, Moraes, Dror, Shaw, "Parallel random
/// numbers: as easy as 1, 2, 3", SC 2011, section 3.
public final class Philox {

    private static final int MULTIPLIER_0 = 0xD2511F53;
    private static final int MULTIPLIER_1 = 0xCD9E8D57;
    /// The golden ratio and the square root of three less one, as 32-bit fractions: the key's increments.
    private static final int WEYL_0 = 0x9E3779B9;

    private static final int WEYL_1 = 0xBB67AE85;
    private static final int ROUNDS = 10;

    private Philox() {}

    /// Writes the four words of one counter to `out[at]` … `out[at + 3]`.
    ///
    /// @param key the 64-bit key; its lower half is key word 0
    /// @param high counter words 2 and 3, the lower half first
    /// @param low counter words 0 and 1, the lower half first
    public static void block(long key, long high, long low, int[] out, int at) {
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        int c0 = (int) low;
        int c1 = (int) (low >>> 32);
        int c2 = (int) high;
        int c3 = (int) (high >>> 32);
        for (int round = 0; round < ROUNDS; round++) {
            long product0 = (MULTIPLIER_0 & 0xffffffffL) * (c0 & 0xffffffffL);
            long product1 = (MULTIPLIER_1 & 0xffffffffL) * (c2 & 0xffffffffL);
            c0 = (int) (product1 >>> 32) ^ c1 ^ k0;
            c1 = (int) product1;
            c2 = (int) (product0 >>> 32) ^ c3 ^ k1;
            c3 = (int) product0;
            k0 += WEYL_0;
            k1 += WEYL_1;
        }
        out[at] = c0;
        out[at + 1] = c1;
        out[at + 2] = c2;
        out[at + 3] = c3;
    }
}
