package torrefy.model.training;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What this process holds of the machine's memory, as the system counts it. Linux tells; elsewhere everything is
/// empty.
public final class ProcessMemory {

    private static final Path STATUS = Path.of("/proc/self/status");

    private ProcessMemory() {}

    /// The most that it ever held, in bytes: `VmHWM`.
    public static OptionalLong peak() {
        return read("VmHWM");
    }

    /// What it holds now beside the Java heap, in bytes: machine code and what compiling it took, classes, threads, the
    /// JVM's own code, the collector's books. Of `VmRSS` the heap has as much as was ever used of each of its parts and
    /// was not given back. Empty, too, where the collector moves its parts around, as G1 does: then no sum of them is
    /// what is held.
    public static OptionalLong besideHeap() {
        OptionalLong all = read("VmRSS");
        if (all.isEmpty() || CollectedHeap.current().youngBytes().isEmpty()) {
            return OptionalLong.empty();
        }
        long heap = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToLong(ProcessMemory::touched)
                .sum();
        return OptionalLong.of(Math.max(0, all.getAsLong() - heap));
    }

    /// What is alive in the heap: collects the garbage first.
    public static long liveHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /// The most that it will have held when it holds `more` for good than it does now, garbage aside. Empty where
    /// [#besideHeap] is.
    public static OptionalLong peakWith(long more) {
        long heap = liveHeap();
        OptionalLong beside = besideHeap();
        return beside.isEmpty()
                ? beside
                : OptionalLong.of(Math.max(
                        peak().getAsLong(),
                        beside.getAsLong()
                                + heap
                                + CollectedHeap.current().youngBytes().getAsLong()
                                + more));
    }

    private static long touched(MemoryPoolMXBean pool) {
        return Math.min(pool.getPeakUsage().getUsed(), pool.getUsage().getCommitted());
    }

    private static OptionalLong read(String name) {
        if (!Files.isReadable(STATUS)) {
            return OptionalLong.empty();
        }
        try {
            Matcher line = Pattern.compile(name + ":\\s+(\\d+) kB").matcher(Files.readString(STATUS));
            return line.find() ? OptionalLong.of(Long.parseLong(line.group(1)) << 10) : OptionalLong.empty();
        } catch (IOException e) {
            // It was there a moment ago; without it nothing is known, and nothing is lost.
            return OptionalLong.empty();
        }
    }
}
