package torrefy.core.random;

/// Names one stream of random numbers: a seed, and which of its 2^64 streams.
///
/// A key is a value. Asking it twice gives the same numbers; whoever needs fresh ones [derives][#derive] a key of its
/// own, from a step number or from a parameter's name, and so never depends on who asked before.
public record RandomKey(long seed, long stream) {

    /// The first stream of `seed`.
    public static RandomKey of(long seed) {
        return new RandomKey(seed, 0);
    }

    /// The key for purpose, step or layer `label` under this key.
    public RandomKey derive(long label) {
        return new RandomKey(seed, mix(stream * 0x9E3779B97F4A7C15L + label + 1));
    }

    /// The key for the purpose called `label` under this key.
    public RandomKey derive(String label) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < label.length(); i++) {
            hash = (hash ^ label.charAt(i)) * 0x100000001b3L;
        }
        return derive(hash);
    }

    /// The four 32-bit words of block `block` of this stream.
    public void words(long block, int[] out, int at) {
        Philox.block(seed, stream, block, out, at);
    }

    /// SplitMix64's finalizer: a bijection that spreads every input bit over the whole word.
    private static long mix(long z) {
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
