package torrefy.tokenizer;

import java.util.Arrays;

/// A set of pairs of token ids that numbers them 0, 1, 2 … in the order in which they come.
final class PairTable {

    private static final int EMPTY = -1;

    private long[] pairs = new long[1 << 7];
    private int[] slots = emptySlots(1 << 8);
    private int size;

    private static int[] emptySlots(int length) {
        int[] slots = new int[length];
        Arrays.fill(slots, EMPTY);
        return slots;
    }

    private static long pair(int left, int right) {
        return (long) left << 32 | right & 0xffff_ffffL;
    }

    int size() {
        return size;
    }

    int left(int index) {
        return (int) (pairs[index] >>> 32);
    }

    int right(int index) {
        return (int) pairs[index];
    }

    /// The number of a pair, or -1 if it is not in the set.
    int find(int left, int right) {
        return slots[slotOf(pair(left, right))];
    }

    /// Its number; it is added if it is not there yet.
    int intern(int left, int right) {
        long pair = pair(left, right);
        int slot = slotOf(pair);
        if (slots[slot] != EMPTY) {
            return slots[slot];
        }
        if (size == pairs.length) {
            pairs = Arrays.copyOf(pairs, 2 * size);
        }
        pairs[size] = pair;
        slots[slot] = size++;
        if (size > slots.length / 2) {
            rehash();
        }
        return size - 1;
    }

    void clear() {
        size = 0;
        Arrays.fill(slots, EMPTY);
    }

    private int slotOf(long pair) {
        int mask = slots.length - 1;
        long hash = pair * 0x9E3779B97F4A7C15L;
        int slot = (int) (hash >>> 32) & mask;
        while (slots[slot] != EMPTY && pairs[slots[slot]] != pair) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void rehash() {
        slots = emptySlots(Math.multiplyExact(2, slots.length));
        for (int index = 0; index < size; index++) {
            slots[slotOf(pairs[index])] = index;
        }
    }
}
