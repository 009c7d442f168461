package torrefy.tokenizer.corpus.filter;

import java.util.Arrays;

/// A number for each of some 64-bit hashes: a hash table with open addressing, without an object for each entry. The
/// keys are hashes already, so their low bits are their places.
final class LongTable {

    /// For a key that is not there.
    static final int NONE = -1;

    private long[] keys = new long[1 << 10];
    private int[] values = new int[keys.length];
    private int size;

    LongTable() {
        Arrays.fill(values, NONE);
    }

    int size() {
        return size;
    }

    int get(long key) {
        return values[slot(key)];
    }

    /// Puts a value of 0 or more, if the key has none yet.
    void putIfAbsent(long key, int value) {
        int slot = slot(key);
        if (values[slot] != NONE) {
            return;
        }
        keys[slot] = key;
        values[slot] = value;
        size++;
        if (2 * size > keys.length) {
            grow();
        }
    }

    /// Where the key is, or where it would be.
    private int slot(long key) {
        int slot = (int) key & keys.length - 1;
        while (values[slot] != NONE && keys[slot] != key) {
            slot = slot + 1 & keys.length - 1;
        }
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        keys = new long[2 * oldKeys.length];
        values = new int[keys.length];
        Arrays.fill(values, NONE);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != NONE) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                values[slot] = oldValues[i];
            }
        }
    }
}
