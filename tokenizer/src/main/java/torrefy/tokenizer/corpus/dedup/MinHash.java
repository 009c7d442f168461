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
        int last = count - 1;
        // Two at a time; the least of a shingle taken twice is the same.
        for (int i = 0; i < count; i += 2) {
            takeLeast(least, shingleHash(text, i), shingleHash(text, Math.min(i + 1, last)));
        }
        return least;
    }

    private long shingleHash(TextView text, int from) {
        long hash = 0;
        for (int word = from; word < Math.min(from + shingle, text.words()); word++) {
            hash = Hashing.append(hash, text.wordHash(word));
        }
        return hash;
    }

    /// Hash function k of a shingle mixes its 64 bits, cut to 32 in two ways, with the constant of k. The loop has no
    /// branch and works on `int`s, so the JIT compiler makes it SIMD: 16 hash functions an instruction. Two shingles at
    /// a time share the loads and stores and keep the multiplier busy.
    private static void takeLeast(int[] least, long first, long second) {
        int a = (int) first;
        int b = (int) (first >>> 32);
        int c = (int) second;
        int d = (int) (second >>> 32);
        for (int k = 0; k < least.length; k++) {
            int x = (a ^ CONSTANTS[k]) * 0x9E3779B1;
            int y = (c ^ CONSTANTS[k]) * 0x9E3779B1;
            x = (x ^ x >>> 15 ^ b) * 0x85EBCA77;
            y = (y ^ y >>> 15 ^ d) * 0x85EBCA77;
            least[k] = Math.min(least[k], Math.min(x ^ x >>> 13, y ^ y >>> 13));
        }
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
