package torrefy.tokenizer.corpus.dedup;

import java.util.Arrays;
import torrefy.tokenizer.corpus.filter.Hashing;
import torrefy.tokenizer.corpus.filter.TextView;

/// The MinHash signature of a text: Broder, *On the Resemblance and Containment of Documents* (1997).
///
/// A text is the set of its shingles, runs of 5 words. Each of `bands · rows` hash functions orders all shingles there
/// are, and the signature holds the least value of each over the text's own. Two texts with sets A and B have the same
/// least shingle with probability |A ∩ B| / |A ∪ B|, their Jaccard similarity: the share of equal places in two
/// signatures estimates it, with a standard deviation of √(s(1 − s) / 112).
///
/// Only pairs that agree on all `rows` places of one of the `bands` bands are compared at all. For similarity s that
/// happens with probability
///
/// ```
/// 1 − (1 − s^rows)^bands
/// ```
///
/// | s | 0.5 | 0.6 | 0.7 | 0.75 | 0.8 | 0.85 | 0.9 |
/// |---|---|---|---|---|---|---|---|
/// | 14 bands of 8 rows | 0.053 | 0.211 | 0.565 | 0.772 | 0.924 | 0.988 | 0.9996 |
///
/// These numbers are FineWeb's (Penedo et al. 2024, arXiv 2406.17557). A text of fewer than 5 words is one shingle.
///
/// @param shingle words in a shingle
/// @param bands places where two texts can meet
/// @param rows hashes that must agree there
public record MinHash(int shingle, int bands, int rows) {

    private static final int MOST_HASHES = 4096;

    /// Shingles that are hashed at once: their hashes stay in the first-level cache.
    private static final int AT_ONCE = 2048;

    /// A random number for each hash function, always the same.
    private static final int[] CONSTANTS = new int[MOST_HASHES];

    static {
        for (int k = 0; k < MOST_HASHES; k++) {
            CONSTANTS[k] = (int) Hashing.mix(k + 1);
        }
    }

    public MinHash {
        if (shingle < 1 || bands < 1 || rows < 1 || bands * (long) rows > MOST_HASHES) {
            throw new IllegalArgumentException("MinHash needs at least one word, band and row, and at most "
                    + MOST_HASHES + " hashes, got " + shingle + " words, " + bands + " bands of " + rows);
        }
    }

    /// Shingles of 5 words, 14 bands of 8.
    public static MinHash standard() {
        return new MinHash(5, 14, 8);
    }

    /// Number of hashes in a signature.
    public int hashes() {
        return bands * rows;
    }

    /// How likely two texts of similarity `s` are compared.
    public double collisionProbability(double s) {
        return 1 - Math.pow(1 - Math.pow(s, rows), bands);
    }

    public int[] signature(TextView text) {
        int[] least = new int[hashes()];
        Arrays.fill(least, Integer.MAX_VALUE);
        int count = Math.max(1, text.words() - shingle + 1);
        for (int from = 0; from < count; from += AT_ONCE) {
            takeLeast(least, shingles(text, from, Math.min(AT_ONCE, count - from)));
        }
        return least;
    }

    /// The hashes of `count` shingles, the first of which begins with word `from`.
    private long[] shingles(TextView text, int from, int count) {
        long[] hashes = new long[count];
        // Word after word of all shingles: the steps of one wait for each other, those of different ones do not.
        for (int word = from; word < Math.min(from + shingle, text.words()); word++) {
            text.appendWords(hashes, word);
        }
        return hashes;
    }

    private static void takeLeast(int[] least, long[] shingles) {
        int[] low = new int[shingles.length];
        int[] high = new int[shingles.length];
        for (int i = 0; i < shingles.length; i++) {
            low[i] = (int) shingles[i];
            high[i] = (int) (shingles[i] >>> 32);
        }
        for (int k = 0; k < least.length; k++) {
            least[k] = Math.min(least[k], least(low, high, CONSTANTS[k]));
        }
    }

    /// Hash function k of a shingle mixes its 64 bits, cut to 32 in two ways, with the constant of k. The loop has no
    /// branch and works on `int`s, so the JIT compiler makes it SIMD: 8 or 16 shingles an instruction.
    private static int least(int[] low, int[] high, int constant) {
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < low.length; i++) {
            int x = (low[i] ^ constant) * 0x9E3779B1;
            x = (x ^ x >>> 15 ^ high[i]) * 0x85EBCA77;
            least = Math.min(least, x ^ x >>> 13);
        }
        return least;
    }

    /// One hash for each band: two signatures have the same one if they agree on all rows of the band.
    public long bandHash(int[] signature, int band) {
        long hash = band;
        for (int row = band * rows; row < (band + 1) * rows; row++) {
            hash = Hashing.append(hash, signature[row]);
        }
        return hash;
    }

    /// The share of equal places: the estimate of the Jaccard similarity.
    public static double similarity(int[] a, int[] b) {
        int equal = 0;
        for (int i = 0; i < a.length; i++) {
            equal += a[i] == b[i] ? 1 : 0;
        }
        return (double) equal / a.length;
    }
}
