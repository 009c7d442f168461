package torrefy.tokenizer;

import java.util.Arrays;

/// For every pair of neighbouring tokens: how often it stands in the text, and at which places of [TrainingPieces].
///
/// A place belongs to one pair at a time, that of the token there and the next one. So the lists of places are links
/// between the places themselves, forward and back: adding and removing one is a few numbers, and nothing is ever out
/// of date.
final class PairPlaces {

    private static final int NONE = -1;

    private final PairTable pairs = new PairTable();
    private long[] counts = new long[1 << 12];
    private int[] firsts = new int[1 << 12];
    private final int[] next;
    private final int[] previous;

    /// @param places their number
    PairPlaces(int places) {
        next = new int[places];
        previous = new int[places];
    }

    int size() {
        return pairs.size();
    }

    int left(int pair) {
        return pairs.left(pair);
    }

    int right(int pair) {
        return pairs.right(pair);
    }

    /// How often a pair stands in the text: the sum of the counts of the pieces, place by place.
    long count(int pair) {
        return counts[pair];
    }

    /// Appends the places of a pair to `out`, from left to right.
    void places(int pair, TokenBuffer out) {
        int from = out.size();
        boolean isSorted = true;
        int last = NONE;
        for (int place = firsts[pair]; place != NONE; place = next[place]) {
            out.add(place);
            isSorted &= place > last;
            last = place;
        }
        if (!isSorted) {
            Arrays.sort(out.array(), from, out.size());
        }
    }

    /// Notes that a pair stands at a place, in a piece that stands in the text `count` times; returns the pair's
    /// number.
    int add(int left, int right, int place, long count) {
        int known = pairs.size();
        int pair = pairs.intern(left, right);
        if (pair == counts.length) {
            counts = Arrays.copyOf(counts, 2 * pair);
            firsts = Arrays.copyOf(firsts, 2 * pair);
        }
        if (pair == known) {
            firsts[pair] = NONE;
        }
        counts[pair] += count;
        int first = firsts[pair];
        next[place] = first;
        previous[place] = NONE;
        if (first != NONE) {
            previous[first] = place;
        }
        firsts[pair] = place;
        return pair;
    }

    /// Notes that the pair no longer stands there.
    void remove(int left, int right, int place, long count) {
        int pair = pairs.find(left, right);
        counts[pair] -= count;
        assert counts[pair] >= 0 : "a pair stands in the text less often than never";
        int before = previous[place];
        int after = next[place];
        if (before == NONE) {
            firsts[pair] = after;
        } else {
            next[before] = after;
        }
        if (after != NONE) {
            previous[after] = before;
        }
    }
}
