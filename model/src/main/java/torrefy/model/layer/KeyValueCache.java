package torrefy.model.layer;

import torrefy.core.backend.Backend;
import torrefy.tensor.Tensor;

/// The keys and values of the positions a model has already read of one text, one pair per attention layer, so that
/// generating the next token costs one position and not all of them.
///
/// New positions are written behind those held; attention reads the store where it lies, and nothing is copied. Texts
/// that are continued side by side have a cache each, so that they may be of different lengths.
public final class KeyValueCache {

    private final Tensor[] keys;
    private final Tensor[] values;
    private final int capacity;
    private int length;

    /// @param heads G, heads of keys and values
    /// @param capacity the number of positions it can hold
    public KeyValueCache(Backend backend, int layers, int heads, int capacity, int headSize) {
        this.capacity = capacity;
        keys = new Tensor[layers];
        values = new Tensor[layers];
        for (int layer = 0; layer < layers; layer++) {
            keys[layer] = Tensor.zeros(backend, 1, heads, capacity, headSize);
            values[layer] = Tensor.zeros(backend, 1, heads, capacity, headSize);
        }
    }

    /// The number of positions held.
    public int length() {
        return length;
    }

    public int capacity() {
        return capacity;
    }

    /// Forgets all positions.
    public void clear() {
        length = 0;
    }

    /// Takes over the positions that `other` holds, in place of its own: two texts with the same beginning need not
    /// both read it.
    public void copyFrom(KeyValueCache other) {
        requireRoom(0, other.length);
        length = other.length;
        for (int layer = 0; layer < keys.length && length > 0; layer++) {
            keys[layer].slice(2, 0, length).copyInPlace(other.keys[layer].slice(2, 0, length));
            values[layer].slice(2, 0, length).copyInPlace(other.values[layer].slice(2, 0, length));
        }
    }

    /// Stores the keys of new positions, `(1, G, T, D)`, after those held; returns all of them, `(1, G, S, D)`.
    Tensor appendKeys(int layer, Tensor fresh) {
        return append(keys[layer], fresh);
    }

    /// Stores the values of new positions, `(1, G, T, D)`, after those held; returns all of them, `(1, G, S, D)`.
    Tensor appendValues(int layer, Tensor fresh) {
        return append(values[layer], fresh);
    }

    private Tensor append(Tensor store, Tensor fresh) {
        requireRoom(length, fresh.size(2));
        int end = length + fresh.size(2);
        store.slice(2, length, end).copyInPlace(fresh);
        return store.slice(2, 0, end);
    }

    private void requireRoom(int held, int more) {
        if (held + more > capacity) {
            throw new IllegalStateException(
                    "the cache holds " + held + " of " + capacity + " positions; " + more + " more do not fit");
        }
    }

    /// Counts `positions` more as held, after every layer has appended them.
    public void advance(int positions) {
        length += positions;
    }
}
