package torrefy.tokenizer.corpus.filter;

import java.util.Arrays;

/// A set of hashes, each with a count: open addressing over plain arrays, because a text has as many n-grams as words.
final class LongCounts {

    private long[] keys;
    private int[] counts;
    private int mask;

    LongCounts(int expected) {
        int capacity = Integer.highestOneBit(Math.max(8, expected) * 2 - 1) * 2;
        keys = new long[capacity];
        counts = new int[capacity];
        mask = capacity - 1;
    }

    /// Counts `key` once more and returns how often it has come.
    int add(long key) {
        int at = (int) (key ^ key >>> 32) & mask;
        while (counts[at] > 0 && keys[at] != key) {
            at = at + 1 & mask;
        }
        keys[at] = key;
        return ++counts[at];
    }

    /// How often `key` has come.
    int of(long key) {
        int at = (int) (key ^ key >>> 32) & mask;
        while (counts[at] > 0 && keys[at] != key) {
            at = at + 1 & mask;
        }
        return counts[at];
    }

    void clear() {
        Arrays.fill(counts, 0);
    }
}
