package torrefy.core.memory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/// The memory of one training step: slabs from which buffers are cut, which come back one by one as soon as nobody
/// needs them, and all at once at the step's end.
///
/// A buffer comes back by [#free], by the [Buffer#release] of its last holder, at the end of the [#scope] it was made
/// in, or by [#reset]. After that it is dead: using it throws (see [Buffer#requireLive]); with assertions on, its
/// memory
/// is also filled with NaN, so that a kernel that reads what it did not write is seen.
///
/// The same requests find the same places, step after step. The first step makes the slabs; every later one of the
/// same shapes allocates nothing. An arena whose [#size] was found beforehand (see [#planning]) and
/// [reserved][#reserve]
/// makes exactly what its steps fill.
///
/// An arena serves the thread that runs [#step], and is bound to it by a [ScopedValue]: code in between allocates as
/// always and need not know.
public final class Arena {

    private static final ScopedValue<Arena> CURRENT = ScopedValue.newInstance();

    /// More slabs of the greatest length than any step fills.
    private static final List<Integer> ENDLESS = Collections.nCopies(1 << 10, Slabs.LONGEST);

    /// Where slabs come from: a backend's memory.
    @FunctionalInterface
    public interface Source {
        Buffer allocate(DataType type, int length);
    }

    private final Map<DataType, Slabs> slabs = new EnumMap<>(DataType.class);
    /// What was allocated in the scopes that are open, oldest first.
    private final List<Buffer> scoped = new ArrayList<>();

    private int openScopes;
    private long generation;
    private long inUse;
    private long peak;

    public Arena(Source source) {
        for (DataType type : DataType.values()) {
            slabs.put(type, new Slabs(type, source));
        }
    }

    /// An arena to find out how large another one must be: its slabs are as long as slabs can be, so `source` has to be
    /// one whose buffers take no memory.
    public static Arena planning(Source source) {
        Arena arena = new Arena(source);
        arena.slabs.values().forEach(each -> each.plan(ENDLESS));
        return arena;
    }

    /// The arena of the step that is running, or null.
    public static Arena current() {
        return CURRENT.isBound() ? CURRENT.get() : null;
    }

    /// Runs one step in this arena and resets it afterwards, whether the step returns or throws. What `step` returns
    /// must not be, or hold, a tensor made in it.
    public <T> T step(Supplier<T> step) {
        try {
            return ScopedValue.where(CURRENT, this).call(step::get);
        } finally {
            reset();
        }
    }

    /// Runs `body` and gives back at its end what was allocated in it, but for its result and what somebody
    /// [holds][Buffer#retain].
    ///
    /// @param result the memory of what `body` returns; may answer null
    public <T> T scope(Supplier<T> body, Function<? super T, Buffer> result) {
        int from = scoped.size();
        openScopes++;
        Buffer kept = null;
        try {
            T value = body.get();
            kept = result.apply(value);
            return value;
        } finally {
            openScopes--;
            closeScope(from, kept);
        }
    }

    private void closeScope(int from, Buffer kept) {
        int left = from;
        for (int i = from; i < scoped.size(); i++) {
            Buffer buffer = scoped.get(i);
            if (!buffer.isLive()) {
                continue;
            }
            if (buffer.isHeld() || kept != null && kept.isPartOf(buffer)) {
                // The scope around this one takes care of it.
                scoped.set(left++, buffer);
            } else {
                free(buffer);
            }
        }
        scoped.subList(openScopes == 0 ? from : left, scoped.size()).clear();
    }

    /// A buffer with unspecified contents, valid until it is given back.
    public Buffer allocate(DataType type, int length) {
        Buffer buffer = slabs.get(type).take(length);
        buffer.leaseFrom(this);
        if (openScopes > 0) {
            scoped.add(buffer);
        }
        inUse += (long) length * type.bytes();
        peak = Math.max(peak, inUse);
        return buffer;
    }

    /// Gives back one buffer, whoever holds it: it is dead, and so is every part of it.
    ///
    /// @throws IllegalStateException if it is dead already
    /// @throws IllegalArgumentException if it does not come from this arena, or is only a part of what did
    public void free(Buffer buffer) {
        if (buffer.arena() != this || !buffer.isPartOf(buffer)) {
            throw new IllegalArgumentException("an arena takes back the buffers that it gave out, whole");
        }
        buffer.requireLive();
        assert poison(buffer);
        buffer.die();
        if (buffer.slab() != null) {
            slabs.get(buffer.type()).giveBack(buffer.slab(), buffer.place(), buffer.length());
        }
        inUse -= (long) buffer.length() * buffer.type().bytes();
    }

    private static boolean poison(Buffer buffer) {
        buffer.poison();
        return true;
    }

    /// Ends the step: every buffer given out so far is dead.
    public void reset() {
        generation++;
        inUse = 0;
        scoped.clear();
        slabs.values().forEach(Slabs::reset);
    }

    /// Sets the lengths of the slabs to make from now on. Nothing may be in use. Slabs made by another plan are let go.
    public void reserve(ArenaSize size) {
        if (inUse != 0) {
            throw new IllegalStateException(
                    "an arena is reserved between steps, not while " + inUse + " bytes are used");
        }
        slabs.forEach((type, each) -> each.plan(size.of(type)));
    }

    /// How far the slabs were filled: as large as an arena has to be for the steps that this one has seen.
    public ArenaSize size() {
        Map<DataType, List<Integer>> lengths = new EnumMap<>(DataType.class);
        slabs.forEach((type, each) -> lengths.put(type, each.highest()));
        return new ArenaSize(lengths);
    }

    /// The most bytes that were in use at once; a little less than the [#size], which counts the gaps between them.
    public long peakBytes() {
        return peak;
    }

    /// The bytes of the slabs made so far.
    public long reservedBytes() {
        return slabs.entrySet().stream()
                .mapToLong(entry -> entry.getKey().bytes() * entry.getValue().total())
                .sum();
    }

    /// The number of resets so far.
    long generation() {
        return generation;
    }
}
