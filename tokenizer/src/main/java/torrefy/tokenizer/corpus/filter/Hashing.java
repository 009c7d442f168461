package torrefy.tokenizer.corpus.filter;

/// Hashes that are good enough to compare texts by, and always the same.
public final class Hashing {

    private static final long FNV_OFFSET = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Hashing() {}

    /// SplitMix64's finalizer (Steele, Lea, Flood 2014): every bit of the result depends on every bit of `z`.
    public static long mix(long z) {
        long x = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        x = (x ^ x >>> 27) * 0x94D049BB133111EBL;
        return x ^ x >>> 31;
    }

    /// The hash of a sequence one element longer. The order of elements counts.
    public static long append(long hash, long element) {
        return mix(hash * GOLDEN + element + 1);
    }

    /// FNV-1a over UTF-16 units, mixed.
    public static long of(CharSequence text, int from, int to) {
        long hash = FNV_OFFSET;
        for (int i = from; i < to; i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return mix(hash);
    }
}
