package torrefy.core.memory;

/// A run of elements of one type in a backend's memory. Open: a backend brings its own subclass; the ones in the Java
/// heap are [HostFloats], [HostBfloat16s] and [HostInts].
///
/// A buffer counts how often its contents were changed in place ([#changed]), so that whoever keeps it for later can
/// see whether it is still what it was. A buffer handed out by an [Arena] dies when the arena is reset: touching it
/// then throws.
public abstract class Buffer {

    private final DataType type;
    private final int length;
    private int version;
    private Arena arena;
    private long generation;

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
        leased.arena = arena;
        leased.generation = generation;
        return part;
    }

    /// Fills a dead slab with a value that cannot be mistaken for data. Called when assertions are on.
    protected abstract void poison();

    /// How often the contents were changed in place since they were first computed.
    public final int version() {
        return version;
    }

    /// To be called by whoever changes contents that were complete before.
    public final void changed() {
        version++;
    }

    final void leaseFrom(Arena owner) {
        arena = owner;
        generation = owner.generation();
    }

    /// Whether this memory is reused at the next reset of an arena.
    public final boolean isLeased() {
        return arena != null;
    }

    /// Throws if the arena this buffer came from was reset since.
    public final void requireLive() {
        if (arena != null && arena.generation() != generation) {
            throw new IllegalStateException(
                    "this tensor's memory belonged to step " + generation + " of an arena that is now at step "
                            + arena.generation() + "; copy what must outlive its step (Tensor.detachedCopy())");
        }
    }
}
