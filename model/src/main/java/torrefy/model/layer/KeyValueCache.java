package torrefy.model.layer;

import torrefy.core.backend.Backend;
import torrefy.tensor.Tensor;

/// The keys and values of the positions a model has already read, one pair per attention layer, so that generating the
/// next token costs one position and not all of them.
public final class KeyValueCache {

    private final Tensor[] keys;
    private final Tensor[] values;
    private final int capacity;
    private int length;

    /// @param capacity the number of positions it can hold
    /// @param heads G, heads of keys and values
    public KeyValueCache(Backend backend, int layers, int batch, int heads, int capacity, int headSize) {
        this.capacity = capacity;
        keys = new Tensor[layers];
        values = new Tensor[layers];
        for (int layer = 0; layer < layers; layer++) {
            keys[layer] = Tensor.zeros(backend, batch, heads, capacity, headSize);
            values[layer] = Tensor.zeros(backend, batch, heads, capacity, headSize);
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

    /// Stores the keys of new positions, `(B, G, T, D)`, after those held; returns all of them, `(B, G, S, D)`.
    Tensor appendKeys(int layer, Tensor fresh) {
        return append(keys[layer], fresh);
    }

    /// Stores the values of new positions, `(B, G, T, D)`, after those held; returns all of them, `(B, G, S, D)`.
    Tensor appendValues(int layer, Tensor fresh) {
        return append(values[layer], fresh);
    }

    private Tensor append(Tensor store, Tensor fresh) {
        int end = length + fresh.size(2);
        if (end > capacity) {
            throw new IllegalStateException("the cache holds " + length + " of " + capacity + " positions; "
                    + fresh.size(2) + " more do not fit");
        }
        store.slice(2, length, end).copyInPlace(fresh);
        return store.slice(2, 0, end);
    }

    /// Counts `positions` more as held, after every layer has appended them.
    public void advance(int positions) {
        length += positions;
    }
}
