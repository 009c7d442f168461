package torrefy.core.memory;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// The memory of one training step: slabs from which buffers are cut one after another, and which are all taken back
/// at once by [#reset].
///
/// The first step makes the slabs; every later one of the same shapes finds them there and allocates nothing. A
/// buffer that is used after the reset that ended its step throws (see [Buffer#requireLive]); with assertions on, a
/// reset also fills the slabs with NaN, so that a kernel that reads what it did not write is seen.
///
/// An arena serves the thread that runs [#step], and is bound to it by a [ScopedValue]: code in between allocates as
/// always and need not know.
public final class Arena {

    private static final ScopedValue<Arena> CURRENT = ScopedValue.newInstance();

    /// Slabs hold at least this many elements, so that small requests share one.
    private static final int SMALLEST_SLAB = 1 << 18;

    /// Slabs grow with what the step has needed so far, up to this.
    private static final int LARGEST_GROWTH = 1 << 25;

    /// Buffers begin at multiples of this many elements, a cache line of floats.
    private static final int ALIGNMENT = 16;

    /// Where slabs come from: a backend's memory.
    @FunctionalInterface
    public interface Source {
        Buffer allocate(DataType type, int length);
    }

    private final Source source;
    private final Map<DataType, Slabs> slabs = new EnumMap<>(DataType.class);
    private long generation;
    private long inUse;
    private long peak;

    public Arena(Source source) {
        this.source = source;
        for (DataType type : DataType.values()) {
            slabs.put(type, new Slabs(type));
        }
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

    /// A buffer with unspecified contents, valid until [#reset].
    public Buffer allocate(DataType type, int length) {
        Buffer buffer = slabs.get(type).take(length);
        buffer.leaseFrom(this);
        inUse += (long) length * type.bytes();
        peak = Math.max(peak, inUse);
        return buffer;
    }

    /// Ends the step: every buffer given out so far is dead.
    public void reset() {
        generation++;
        inUse = 0;
        slabs.values().forEach(Slabs::reset);
    }

    /// The most bytes that were in use at once.
    public long peakBytes() {
        return peak;
    }

    /// The number of resets so far.
    long generation() {
        return generation;
    }

    private final class Slabs {
        private final DataType type;
        private final List<Buffer> all = new ArrayList<>();
        private int slab;
        private int used;
        private long total;

        Slabs(DataType type) {
            this.type = type;
        }

        Buffer take(int length) {
            while (slab < all.size() && used > all.get(slab).length() - length) {
                slab++;
                used = 0;
            }
            if (slab == all.size()) {
                int growth = Math.clamp(total, SMALLEST_SLAB, LARGEST_GROWTH);
                all.add(source.allocate(type, Math.max(length, growth)));
                total += all.getLast().length();
            }
            Buffer taken = all.get(slab).slice(used, length);
            long end = (long) used + length + ALIGNMENT - 1;
            used = (int) Math.min(end - end % ALIGNMENT, all.get(slab).length());
            return taken;
        }

        void reset() {
            slab = 0;
            used = 0;
            boolean assertions = false;
            assert assertions = true;
            if (assertions) {
                all.forEach(Buffer::poison);
            }
        }
    }
}
