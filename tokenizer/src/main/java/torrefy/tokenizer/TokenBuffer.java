package torrefy.tokenizer;

import java.util.Arrays;

/// A growing run of token ids.
final class TokenBuffer {

    private int[] tokens = new int[256];
    private int size;

    void add(int token) {
        reserve(1);
        tokens[size++] = token;
    }

    void addAll(int[] source, int from, int count) {
        reserve(count);
        System.arraycopy(source, from, tokens, size, count);
        size += count;
    }

    private void reserve(int count) {
        int needed = Math.addExact(size, count);
        if (needed > tokens.length) {
            tokens = Arrays.copyOf(tokens, Math.max(needed, tokens.length + (tokens.length >> 1)));
        }
    }

    /// The array behind, valid until the next addition.
    int[] array() {
        return tokens;
    }

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    int[] toArray() {
        return Arrays.copyOf(tokens, size);
    }
}
