package torrefy.core.backend;

import java.util.Locale;

/// The memory that a backend's arrays lie in: the Java heap, which the program and its garbage collector share, or that
/// of a device.
///
/// @param bytes of it
/// @param largestArray the most bytes that one array of it may have
/// @param isHeap whether it is the Java heap
/// @param isLimit whether it is a part of that, which a user's option names: of a heap, as `-Xmx` would
/// @param more how a user gets more of it: `%d` stands for the megabytes that are wanted
public record ArrayMemory(long bytes, long largestArray, boolean isHeap, boolean isLimit, String more) {

    /// The heap of this JVM: what it may grow to.
    public static ArrayMemory heap() {
        return heap(Runtime.getRuntime().maxMemory());
    }

    /// A heap of `bytes`. A Java array has fewer than 2^31 elements, however wide: no heap bounds it sooner.
    public static ArrayMemory heap(long bytes) {
        return new ArrayMemory(bytes, Long.MAX_VALUE, true, false, "start Java with -Xmx%dm");
    }

    /// The memory of a device.
    public static ArrayMemory device(long bytes, long largestArray) {
        return new ArrayMemory(bytes, largestArray, false, false, "choose a --device with %d MB");
    }

    /// As much of such a memory as a user's option asks for.
    public ArrayMemory limitedTo(long limit, String option) {
        return new ArrayMemory(limit, largestArray, isHeap, true, "give it " + option + " %dm");
    }

    /// For people: how large it is.
    public String description() {
        return (isHeap ? "a heap of " : "a device's memory of ") + (bytes >> 20) + " MB";
    }

    /// What to do to have `wanted` bytes of it.
    public String toHave(long wanted) {
        return String.format(Locale.ROOT, more, wanted >> 20);
    }
}
