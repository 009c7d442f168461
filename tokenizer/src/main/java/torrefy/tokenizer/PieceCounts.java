package torrefy.tokenizer;

import java.util.Arrays;
import java.util.stream.IntStream;

/// How often each distinct piece stands in a text.
final class PieceCounts {

    private final ByteStringTable pieces = new ByteStringTable();
    private long[] counts = new long[1 << 10];

    void add(byte[] text, int from, int count) {
        add(text, from, count, 1);
    }

    void add(byte[] text, int from, int count, long times) {
        int piece = pieces.intern(text, from, count);
        if (piece == counts.length) {
            counts = Arrays.copyOf(counts, 2 * piece);
        }
        counts[piece] += times;
    }

    /// Adds all that `other` has counted.
    void addAll(PieceCounts other) {
        for (int piece = 0; piece < other.size(); piece++) {
            byte[] bytes = other.pieces.get(piece);
            add(bytes, 0, bytes.length, other.counts[piece]);
        }
    }

    int size() {
        return pieces.size();
    }

    ByteStringTable pieces() {
        return pieces;
    }

    long count(int piece) {
        return counts[piece];
    }

    /// The numbers of the pieces in the order of their bytes.
    int[] inOrder() {
        return IntStream.range(0, size())
                .boxed()
                .sorted((a, b) -> pieces.compare(a, b))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    void clear() {
        pieces.clear();
        Arrays.fill(counts, 0);
    }
}
