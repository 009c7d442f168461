package torrefy.model.training;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.util.OptionalLong;

/// How the garbage collector that runs here lays out its heap, as far as that decides how much memory a program needs.
///
/// @param youngBytes the most that objects made lately may take before they are looked through, empty if only the
///     whole heap bounds it; all of it is soon touched, however little is alive
/// @param emptyBytes of `-Xmx` that hold no objects: one of two survivor spaces, which `Runtime.maxMemory()` leaves out
/// @param regionBytes what large arrays are rounded up to a multiple of; 0 if they are not
record CollectedHeap(OptionalLong youngBytes, long emptyBytes, long regionBytes) {

    /// The share of the heap that G1 keeps for young objects at least.
    private static final long G1_YOUNG_SHARE = 20;

    /// What this JVM was started with.
    static CollectedHeap current() {
        long young = 0;
        long survivors = 0;
        boolean bounded = true;
        boolean regions = false;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getName().contains("Eden") || pool.getName().contains("Survivor")) {
                bounded &= pool.getUsage().getMax() >= 0;
                young += pool.getUsage().getMax();
            }
            if (pool.getName().contains("Survivor")) {
                survivors += Math.max(0, pool.getUsage().getMax());
            }
            regions |= pool.getName().startsWith("G1");
        }
        return new CollectedHeap(
                bounded && young > 0 ? OptionalLong.of(young) : OptionalLong.empty(),
                survivors,
                regions ? regionSize() : 0);
    }

    private static long regionSize() {
        return Long.parseLong(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption("G1HeapRegionSize")
                .getValue());
    }

    /// The heap in which `arrays` large arrays of `bytes` altogether fit, half a region being lost behind each.
    long holding(long bytes, long arrays) {
        return rounded(bytes, arrays) + young(bytes, arrays);
    }

    /// What of that is for young objects.
    long young(long bytes, long arrays) {
        return youngBytes.orElse(rounded(bytes, arrays) / G1_YOUNG_SHARE);
    }

    /// The share of a heap of `heapBytes` that is for young objects.
    double youngShare(long heapBytes) {
        return youngBytes.isEmpty() ? 1.0 / G1_YOUNG_SHARE : Math.min(0.5, (double) youngBytes.getAsLong() / heapBytes);
    }

    private long rounded(long bytes, long arrays) {
        return bytes + arrays * regionBytes / 2;
    }
}
