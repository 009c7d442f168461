package torrefy.core.memory;

/// A run of elements of one type in a backend's memory. Open: a backend brings its own subclass; the ones in the Java
/// heap are [HostFloats], [HostBfloat16s] and [HostInts].
///
/// A buffer counts how often its contents were changed in place ([#changed]), so that whoever keeps it for later can
/// see whether it is still what it was. It also counts who holds it ([#retain]), so that a sole holder may write into
/// it
/// and memory can go back where it came from. A buffer handed out by an [Arena] dies when it is given back, or when the
/// arena is reset: touching it then throws.
public abstract class Buffer {

    private final DataType type;
    private final int length;
    private int version;
    private int holders;
    /// What this is a part of; this itself if of nothing. The fields below are the whole's.
    private Buffer whole = this;
    private Arena arena;
    private long generation;
    private boolean givenBack;
    private Slabs.Slab slab;
    private int place;

    protected Buffer(DataType type, int length) {
        this.type = type;
        this.length = length;
    }

    public final DataType type() {
        return type;
    }

    /// Number of elements.
    public final int length() {
        return length;
    }

    /// A buffer over `length` elements of this one's memory, from `offset` on. It dies when this one does, and counts
    /// its changes by itself.
    public abstract Buffer slice(int offset, int length);

    /// To be called by [#slice] with the part it made.
    protected final <B extends Buffer> B withLease(B part) {
        Buffer leased = part;
        leased.whole = whole;
        return part;
    }

    /// Fills dead memory with a value that cannot be mistaken for data. Called when assertions are on.
    protected abstract void poison();

    /// How often the contents were changed in place since they were first computed.
    public final int version() {
        return version;
    }

    /// To be called by whoever changes contents that were complete before.
    public final void changed() {
        version++;
    }

    /// Counts one more who needs these contents: memory that is held survives the [scope][Arena#scope] it was made in.
    public final void retain() {
        whole.holders++;
    }

    /// Counts one less. Without a holder, memory of an arena goes back to it.
    public final void release() {
        assert whole.holders > 0 : "released more often than retained";
        whole.holders--;
        if (whole.holders == 0 && whole.arena != null && whole.isLive()) {
            whole.arena.free(whole);
        }
    }

    /// How many hold this buffer.
    public final int holders() {
        return whole.holders;
    }

    final boolean isHeld() {
        return whole.holders > 0;
    }

    /// Marks this as cut from a slab at `at`: from here on it is a whole, not a part of the slab.
    final void comeFrom(Slabs.Slab from, int at) {
        whole = this;
        slab = from;
        place = at;
    }

    final void leaseFrom(Arena owner) {
        arena = owner;
        generation = owner.generation();
    }

    final void die() {
        whole.givenBack = true;
    }

    final Arena arena() {
        return whole.arena;
    }

    final Slabs.Slab slab() {
        return whole.slab;
    }

    final int place() {
        return whole.place;
    }

    final boolean isPartOf(Buffer other) {
        return whole == other;
    }

    /// Whether this memory is reused, sooner or later, by an arena.
    public final boolean isLeased() {
        return whole.arena != null;
    }

    final boolean isLive() {
        return whole.arena == null || !whole.givenBack && whole.arena.generation() == whole.generation;
    }

    /// Throws if the memory went back to the arena it came from.
    public final void requireLive() {
        if (!isLive()) {
            throw whole.dead();
        }
    }

    private IllegalStateException dead() {
        if (givenBack) {
            return new IllegalStateException("this tensor's memory was given back, because backward had passed it or"
                    + " its scope was over; copy what must outlive that beforehand (Tensor.detachedCopy())");
        }
        return new IllegalStateException(
                "this tensor's memory belonged to step " + generation + " of an arena that is now at step "
                        + arena.generation() + "; copy what must outlive its step (Tensor.detachedCopy())");
    }
}
