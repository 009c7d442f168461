package torrefy.tokenizer;

import java.util.Arrays;

/// A set of byte strings that numbers them 0, 1, 2 … in the order in which they come. Open addressing over one array
/// of bytes: millions of pieces of text cost no object each.
final class ByteStringTable {

    private static final int EMPTY = -1;

    private byte[] bytes = new byte[1 << 10];
    /// String i is `bytes[ends[i - 1]]` to `bytes[ends[i] - 1]`.
    private int[] ends = new int[1 << 7];

    private int[] hashes = new int[1 << 7];
    private int[] slots = emptySlots(1 << 8);
    private int size;

    private static int[] emptySlots(int length) {
        int[] slots = new int[length];
        Arrays.fill(slots, EMPTY);
        return slots;
    }

    int size() {
        return size;
    }

    /// Sum of the lengths of all strings.
    int totalBytes() {
        return start(size);
    }

    int length(int index) {
        return ends[index] - start(index);
    }

    /// Whether the bytes from `at` on, and before `to`, begin with a string.
    boolean isAt(int index, byte[] source, int at, int to) {
        int count = length(index);
        return count <= to - at && Arrays.equals(bytes, start(index), ends[index], source, at, at + count);
    }

    /// Compares two strings, as unsigned bytes.
    int compare(int index, int other) {
        return Arrays.compareUnsigned(bytes, start(index), ends[index], bytes, start(other), ends[other]);
    }

    /// A byte of a string.
    byte at(int index, int i) {
        return bytes[start(index) + i];
    }

    /// Copies a string to `out[at]` and on; returns its length.
    int copy(int index, byte[] out, int at) {
        int count = length(index);
        System.arraycopy(bytes, start(index), out, at, count);
        return count;
    }

    byte[] get(int index) {
        return Arrays.copyOfRange(bytes, start(index), ends[index]);
    }

    /// The number of the string `source[from]` to `source[from + count - 1]`, or -1 if it is not in the set.
    int find(byte[] source, int from, int count) {
        return slots[slotOf(source, from, count, hash(source, from, count))];
    }

    /// Its number; it is added if it is not there yet.
    int intern(byte[] source, int from, int count) {
        int hash = hash(source, from, count);
        int slot = slotOf(source, from, count, hash);
        if (slots[slot] != EMPTY) {
            return slots[slot];
        }
        append(source, from, count, hash);
        slots[slot] = size - 1;
        if (size > slots.length / 2) {
            rehash();
        }
        return size - 1;
    }

    void clear() {
        size = 0;
        Arrays.fill(slots, EMPTY);
    }

    private int start(int index) {
        return index == 0 ? 0 : ends[index - 1];
    }

    private static int hash(byte[] source, int from, int count) {
        int hash = count;
        for (int i = from; i < from + count; i++) {
            hash = hash * 31 + source[i];
        }
        hash *= 0x9E3779B9;
        return hash ^ hash >>> 15;
    }

    private int slotOf(byte[] source, int from, int count, int hash) {
        int mask = slots.length - 1;
        int slot = hash & mask;
        while (slots[slot] != EMPTY && !holds(slots[slot], source, from, count, hash)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private boolean holds(int index, byte[] source, int from, int count, int hash) {
        return hashes[index] == hash && Arrays.equals(bytes, start(index), ends[index], source, from, from + count);
    }

    private void append(byte[] source, int from, int count, int hash) {
        if (size == ends.length) {
            ends = Arrays.copyOf(ends, 2 * size);
            hashes = Arrays.copyOf(hashes, 2 * size);
        }
        int start = start(size);
        int end = Math.addExact(start, count);
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(end, 2L * bytes.length)));
        }
        System.arraycopy(source, from, bytes, start, count);
        ends[size] = end;
        hashes[size] = hash;
        size++;
    }

    private void rehash() {
        slots = emptySlots(Math.multiplyExact(2, slots.length));
        int mask = slots.length - 1;
        for (int index = 0; index < size; index++) {
            int slot = hashes[index] & mask;
            while (slots[slot] != EMPTY) {
                slot = slot + 1 & mask;
            }
            slots[slot] = index;
        }
    }
}
