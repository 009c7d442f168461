package torrefy.tokenizer;

import java.util.Arrays;

/// The merging of one long piece in O(n log n): a linked list of tokens and a queue of the pairs that have a rank,
/// lowest rank first, then leftmost. A queued pair that a merge has changed since is recognized when its turn comes
/// and passed over.
final class LongPiece {

    private static final int DEAD = -1;

    private final MergeTable merges;
    private final int[] tokens;
    private final int[] next;
    private final int[] previous;

    /// A binary heap of `rank << 32 | position`.
    private long[] queue;

    private int queued;

    LongPiece(int[] byteTokens, MergeTable merges, byte[] bytes, int from, int count) {
        this.merges = merges;
        tokens = new int[count];
        next = new int[count];
        previous = new int[count];
        queue = new long[count];
        for (int i = 0; i < count; i++) {
            tokens[i] = byteTokens[bytes[from + i] & 0xff];
            next[i] = i + 1;
            previous[i] = i - 1;
        }
    }

    void encode(TokenBuffer out) {
        for (int i = 0; i < tokens.length; i++) {
            enqueue(i);
        }
        while (queued > 0) {
            long first = dequeue();
            merge((int) first, (int) (first >>> 32));
        }
        for (int i = 0; i < tokens.length; i = next[i]) {
            out.add(tokens[i]);
        }
    }

    private void merge(int at, int rank) {
        if (tokens[at] == DEAD || rankAt(at) != rank) {
            return;
        }
        int right = next[at];
        tokens[at] = merges.result(rank);
        tokens[right] = DEAD;
        next[at] = next[right];
        if (next[at] < tokens.length) {
            previous[next[at]] = at;
        }
        enqueue(at);
        if (previous[at] >= 0) {
            enqueue(previous[at]);
        }
    }

    private int rankAt(int at) {
        return next[at] < tokens.length ? merges.rank(tokens[at], tokens[next[at]]) : -1;
    }

    private void enqueue(int at) {
        int rank = rankAt(at);
        if (rank < 0) {
            return;
        }
        if (queued == queue.length) {
            queue = Arrays.copyOf(queue, 2 * queued);
        }
        long entry = (long) rank << 32 | at;
        int child = queued++;
        while (child > 0 && queue[(child - 1) / 2] > entry) {
            queue[child] = queue[(child - 1) / 2];
            child = (child - 1) / 2;
        }
        queue[child] = entry;
    }

    private long dequeue() {
        long first = queue[0];
        long last = queue[--queued];
        int parent = 0;
        int child = 1;
        while (child < queued) {
            if (child + 1 < queued && queue[child + 1] < queue[child]) {
                child++;
            }
            if (queue[child] >= last) {
                break;
            }
            queue[parent] = queue[child];
            parent = child;
            child = 2 * parent + 1;
        }
        queue[parent] = last;
        return first;
    }
}
