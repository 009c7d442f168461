package torrefy.core.memory;

import java.util.ArrayList;
import java.util.List;

/// The slabs of one element type in an [Arena].
final class Slabs {

    /// Slabs that were not planned hold at least this many elements, so that small requests share one.
    private static final int SMALLEST = 1 << 18;

    /// They grow with what the step has needed so far, up to this.
    private static final int LARGEST_GROWTH = 1 << 25;

    /// Buffers begin at multiples of this many elements, a cache line of floats.
    static final int ALIGNMENT = 16;

    /// The longest a slab can be: a Java array has fewer than 2^31 elements, some JVMs allow a few less.
    static final int LONGEST = Integer.MAX_VALUE / ALIGNMENT * ALIGNMENT - ALIGNMENT;

    /// One stretch of a backend's memory and what of it is free.
    record Slab(Buffer memory, FreeList free) {}

    private final DataType type;
    private final Arena.Source source;
    private final List<Slab> all = new ArrayList<>();
    private List<Integer> planned = List.of();
    private long total;
    /// What requests for nothing are answered with parts of.
    private Buffer empty;

    Slabs(DataType type, Arena.Source source) {
        this.type = type;
        this.source = source;
    }

    /// Lengths for the next slabs to make; more are made as they are needed. Slabs that are there stay if they were
    /// made by an equal plan, else they go. Nothing may be in use.
    void plan(List<Integer> lengths) {
        if (!lengths.equals(planned)) {
            all.clear();
            total = 0;
            planned = List.copyOf(lengths);
        }
    }

    /// A buffer of `length` elements in the smallest gap there is; else behind what is used; else in a new slab.
    Buffer take(int length) {
        int wanted = roundUp(length);
        if (wanted == 0) {
            return takeNothing();
        }
        Slab best = null;
        int bestGap = Integer.MAX_VALUE;
        for (Slab slab : all) {
            int gap = slab.free.bestGap(wanted);
            if (gap < bestGap) {
                best = slab;
                bestGap = gap;
            }
        }
        if (best != null) {
            return cut(best, best.free.takeGap(bestGap, wanted), length);
        }
        for (Slab slab : all) {
            if (slab.free.hasRoomBehind(wanted)) {
                return cut(slab, slab.free.takeBehind(wanted), length);
            }
        }
        Slab fresh = add(wanted);
        return cut(fresh, fresh.free.takeBehind(wanted), length);
    }

    private Buffer takeNothing() {
        if (empty == null) {
            empty = source.allocate(type, 0);
        }
        Buffer part = empty.slice(0, 0);
        part.comeFrom(null, 0);
        return part;
    }

    private Slab add(int wanted) {
        int size = Math.clamp(total, SMALLEST, LARGEST_GROWTH);
        if (all.size() < planned.size()) {
            size = planned.get(all.size());
        }
        Buffer memory = source.allocate(type, Math.max(wanted, size));
        Slab slab = new Slab(memory, new FreeList(memory.length()));
        all.add(slab);
        total += memory.length();
        return slab;
    }

    private static Buffer cut(Slab slab, int place, int length) {
        Buffer part = slab.memory.slice(place, length);
        part.comeFrom(slab, place);
        return part;
    }

    void giveBack(Slab slab, int place, int length) {
        slab.free.giveBack(place, roundUp(length));
    }

    /// Takes everything back; with assertions on, all of it is filled with NaN.
    void reset() {
        for (Slab slab : all) {
            assert poison(slab);
            slab.free.clear();
        }
    }

    private static boolean poison(Slab slab) {
        slab.memory.poison();
        return true;
    }

    /// How far each slab was ever filled.
    List<Integer> highest() {
        return all.stream().map(slab -> slab.free.highest()).toList();
    }

    /// Elements in all slabs.
    long total() {
        return total;
    }

    /// Up to [#LONGEST], which no array can be longer than anyway.
    private static int roundUp(int length) {
        return (int) Math.min(((long) length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT, Math.max(length, LONGEST));
    }
}
