package torrefy.tokenizer;

import java.util.Arrays;
import java.util.List;

/// Pairs in the order in which they are due: the most frequent first; of equally frequent ones the pair whose left
/// token is smaller as a string of unsigned bytes, then the one whose right token is.
///
/// A binary heap that is refreshed lazily. The count of a queued pair only goes down unless it is added again, so a
/// recorded count is never too low: a pair that comes out first with its present count is due, and one that comes out
/// with an outdated count goes back with the present one.
final class PairQueue {

    private final PairPlaces pairs;
    private final List<byte[]> tokens;
    private long[] counts = new long[1 << 12];
    private int[] heap = new int[1 << 12];
    private int size;

    /// @param tokens the bytes of every token in the pairs
    PairQueue(PairPlaces pairs, List<byte[]> tokens) {
        this.pairs = pairs;
        this.tokens = tokens;
    }

    /// Adds a pair with its present count.
    void add(int pair) {
        if (size == heap.length) {
            counts = Arrays.copyOf(counts, 2 * size);
            heap = Arrays.copyOf(heap, 2 * size);
        }
        long count = pairs.count(pair);
        int child = size++;
        while (child > 0) {
            int parent = (child - 1) / 2;
            if (!isBefore(count, pair, counts[parent], heap[parent])) {
                break;
            }
            counts[child] = counts[parent];
            heap[child] = heap[parent];
            child = parent;
        }
        counts[child] = count;
        heap[child] = pair;
    }

    /// Takes the pair that is due, or -1 if there is none.
    int take() {
        while (size > 0) {
            int pair = heap[0];
            boolean isPresent = counts[0] == pairs.count(pair);
            removeFirst();
            if (isPresent) {
                return pair;
            }
            if (pairs.count(pair) > 0) {
                add(pair);
            }
        }
        return -1;
    }

    private void removeFirst() {
        long count = counts[--size];
        int pair = heap[size];
        int parent = 0;
        int child = 1;
        while (child < size) {
            if (child + 1 < size && isBefore(counts[child + 1], heap[child + 1], counts[child], heap[child])) {
                child++;
            }
            if (!isBefore(counts[child], heap[child], count, pair)) {
                break;
            }
            counts[parent] = counts[child];
            heap[parent] = heap[child];
            parent = child;
            child = 2 * parent + 1;
        }
        counts[parent] = count;
        heap[parent] = pair;
    }

    private boolean isBefore(long count, int pair, long otherCount, int other) {
        return count != otherCount ? count > otherCount : pair != other && isSmaller(pair, other);
    }

    private boolean isSmaller(int pair, int other) {
        int byLeft = Arrays.compareUnsigned(tokens.get(pairs.left(pair)), tokens.get(pairs.left(other)));
        return byLeft != 0
                ? byLeft < 0
                : Arrays.compareUnsigned(tokens.get(pairs.right(pair)), tokens.get(pairs.right(other))) < 0;
    }
}
