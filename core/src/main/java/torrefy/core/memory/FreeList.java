package torrefy.core.memory;

import java.util.Arrays;

/// Which stretches of a slab are free: everything from [#used] on, and gaps below it, by ascending place.
///
/// A request takes the smallest gap that holds it, the lowest of equals, and only without one what lies behind all
/// that is used. So the place does not depend on how long the slab is, as long as it is long enough: what was planned
/// on an endless slab happens again on one that is as long as the plan found. A gap that is given back joins its
/// neighbours. A search looks at every gap; backward frees in about the order opposite to forward's, so there are few.
final class FreeList {

    private final int length;
    private int[] starts = new int[16];
    private int[] lengths = new int[16];
    private int gaps;
    private int used;
    private int highest;

    /// @param length of the slab
    FreeList(int length) {
        this.length = length;
    }

    /// Whether `wanted` elements, at least one, fit into a gap; the length of the best one, or `Integer.MAX_VALUE`.
    int bestGap(int wanted) {
        int best = Integer.MAX_VALUE;
        for (int i = 0; i < gaps; i++) {
            if (lengths[i] >= wanted && lengths[i] < best) {
                best = lengths[i];
            }
        }
        return best;
    }

    /// Takes the beginning of the lowest gap of exactly `gap` elements.
    int takeGap(int gap, int wanted) {
        int i = 0;
        while (lengths[i] != gap) {
            i++;
        }
        int place = starts[i];
        starts[i] += wanted;
        lengths[i] -= wanted;
        if (lengths[i] == 0) {
            remove(i);
        }
        return place;
    }

    /// Whether `wanted` elements fit behind all that is used.
    boolean hasRoomBehind(int wanted) {
        return wanted <= length - used;
    }

    int takeBehind(int wanted) {
        int place = used;
        used += wanted;
        highest = Math.max(highest, used);
        return place;
    }

    /// Gives back `count` elements, at least one, from `start` on.
    void giveBack(int start, int count) {
        int found = Arrays.binarySearch(starts, 0, gaps, start);
        assert found < 0 : "given back twice";
        int i = -found - 1;
        boolean joinsBelow = i > 0 && starts[i - 1] + lengths[i - 1] == start;
        boolean joinsAbove = i < gaps && start + count == starts[i];
        if (joinsBelow && joinsAbove) {
            lengths[i - 1] += count + lengths[i];
            remove(i);
        } else if (joinsBelow) {
            lengths[i - 1] += count;
        } else if (joinsAbove) {
            starts[i] = start;
            lengths[i] += count;
        } else {
            insert(i, start, count);
        }
        // The uppermost gap is none if nothing that is used lies above it.
        if (gaps > 0 && starts[gaps - 1] + lengths[gaps - 1] == used) {
            used = starts[--gaps];
        }
    }

    /// Gives back everything.
    void clear() {
        gaps = 0;
        used = 0;
    }

    /// The end of what is in use.
    int used() {
        return used;
    }

    /// The largest [#used] there ever was.
    int highest() {
        return highest;
    }

    private void insert(int at, int start, int count) {
        if (gaps == starts.length) {
            starts = Arrays.copyOf(starts, 2 * gaps);
            lengths = Arrays.copyOf(lengths, 2 * gaps);
        }
        System.arraycopy(starts, at, starts, at + 1, gaps - at);
        System.arraycopy(lengths, at, lengths, at + 1, gaps - at);
        starts[at] = start;
        lengths[at] = count;
        gaps++;
    }

    private void remove(int at) {
        gaps--;
        System.arraycopy(starts, at + 1, starts, at, gaps - at);
        System.arraycopy(lengths, at + 1, lengths, at, gaps - at);
    }
}
