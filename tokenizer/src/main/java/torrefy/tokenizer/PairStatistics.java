package torrefy.tokenizer;

import java.util.Arrays;

/// For every pair of neighbouring tokens: how often it stands in the text, and in which pieces to look for it.
final class PairStatistics {

    private static final int[] NOWHERE = {};

    private final PairTable pairs = new PairTable();
    private long[] counts = new long[1 << 12];
    private int[][] pieces = new int[1 << 12][];
    private int[] pieceCounts = new int[1 << 12];

    int size() {
        return pairs.size();
    }

    int left(int pair) {
        return pairs.left(pair);
    }

    int right(int pair) {
        return pairs.right(pair);
    }

    long count(int pair) {
        return counts[pair];
    }

    /// The pieces that held the pair when it was counted: each that still does, and some that no longer do. They are
    /// forgotten.
    int[] takePieces(int pair) {
        int[] taken = Arrays.copyOf(pieces[pair], pieceCounts[pair]);
        pieces[pair] = NOWHERE;
        pieceCounts[pair] = 0;
        return taken;
    }

    /// Adds to the count of a pair found in a piece and returns the pair's number.
    int add(int left, int right, long count, int piece) {
        int pair = pairs.intern(left, right);
        if (pair == counts.length) {
            counts = Arrays.copyOf(counts, 2 * pair);
            pieces = Arrays.copyOf(pieces, 2 * pair);
            pieceCounts = Arrays.copyOf(pieceCounts, 2 * pair);
        }
        counts[pair] += count;
        note(pair, piece);
        return pair;
    }

    private void note(int pair, int piece) {
        int[] known = pieces[pair] == null ? NOWHERE : pieces[pair];
        int size = pieceCounts[pair];
        if (size > 0 && known[size - 1] == piece) {
            return;
        }
        if (size == known.length) {
            known = Arrays.copyOf(known, Math.max(4, 2 * size));
        }
        known[size] = piece;
        pieces[pair] = known;
        pieceCounts[pair]++;
    }

    /// Takes from the count of a pair that was added before.
    void subtract(int left, int right, long count) {
        int pair = pairs.find(left, right);
        counts[pair] -= count;
        assert counts[pair] >= 0 : "a pair stands in the text less often than never";
    }
}
