package torrefy.tokenizer;

import java.util.Arrays;

/// A growing run of token ids.
final class TokenBuffer {

    private int[] tokens;
    private int size;

    TokenBuffer() {
        this(256);
    }

    /// @param expected how many will come, about
    TokenBuffer(int expected) {
        tokens = new int[expected];
    }

    void add(int token) {
        reserve(1);
        tokens[size++] = token;
    }

    void addAll(int[] source, int from, int count) {
        reserve(count);
        System.arraycopy(source, from, tokens, size, count);
        size += count;
    }

    /// Adds one to four tokens: the lower and the upper half of each number, as far as they are not -1.
    void addUpToFour(long firstTwo, long lastTwo) {
        reserve(4);
        tokens[size] = (int) firstTwo;
        if (firstTwo < 0) {
            size++;
            return;
        }
        tokens[size + 1] = (int) (firstTwo >>> 32);
        tokens[size + 2] = (int) lastTwo;
        tokens[size + 3] = (int) (lastTwo >>> 32);
        size += lastTwo >= 0 ? 4 : (int) lastTwo >= 0 ? 3 : 2;
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

    int last() {
        return tokens[size - 1];
    }

    void removeLast() {
        size--;
    }

    void clear() {
        size = 0;
    }

    int[] toArray() {
        return Arrays.copyOf(tokens, size);
    }
}
