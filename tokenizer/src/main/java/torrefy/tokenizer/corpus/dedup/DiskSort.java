package torrefy.tokenizer.corpus.dedup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;

/// Sorts more records than memory holds. A record is a fixed number of `long`s; records are ordered by their first
/// `long`, then the second, and so on, as unsigned numbers.
///
/// Records are collected in one array of fixed size; when it is full it is sorted and written as a run, and in the end
/// the runs are merged. The array's size decides how many runs there are, and nothing about the result: equal records
/// are the same record.
///
/// All that deduplication does is this: what is equal comes to lie side by side.
public final class DiskSort implements AutoCloseable {

    /// 32 MB, whatever the heap: enough that a terabyte makes runs of runs only twice.
    private static final int LONGS_IN_MEMORY = 1 << 22;

    private static final int MOST_RUNS = 128;

    /// Takes records in order.
    @FunctionalInterface
    public interface Sink {

        /// @param record valid during the call
        void accept(long[] record) throws IOException;
    }

    private final Path folder;
    private final String name;
    private final int width;
    private final long[] buffer;
    private final Deque<Path> runs = new ArrayDeque<>();
    private int used;
    private int runsMade;

    /// @param folder where runs are kept meanwhile
    /// @param name begins the names of their files
    /// @param width `long`s in a record
    public DiskSort(Path folder, String name, int width) {
        this(folder, name, width, LONGS_IN_MEMORY);
    }

    DiskSort(Path folder, String name, int width, int longsInMemory) {
        this.folder = folder;
        this.name = name;
        this.width = width;
        this.buffer = new long[Math.max(1, longsInMemory / width) * width];
    }

    /// Takes one record of `width` longs.
    public void add(long... record) throws IOException {
        if (record.length != width) {
            throw new IllegalArgumentException("a record has " + width + " longs, got " + record.length);
        }
        if (used == buffer.length) {
            spill();
        }
        System.arraycopy(record, 0, buffer, used, width);
        used += width;
    }

    /// Hands out all records in order. Nothing can be added afterwards.
    public void forEach(Sink sink) throws IOException {
        RecordOrder.sort(buffer, width, used / width);
        if (runs.isEmpty()) {
            long[] record = new long[width];
            for (int at = 0; at < used; at += width) {
                System.arraycopy(buffer, at, record, 0, width);
                sink.accept(record);
            }
            return;
        }
        spill();
        while (runs.size() > MOST_RUNS) {
            List<Path> first = new ArrayList<>();
            while (first.size() < MOST_RUNS) {
                first.add(runs.removeFirst());
            }
            Path merged = nextRun();
            try (RecordFile.Writer out = RecordFile.write(merged, width)) {
                merge(first, out::add);
            }
            runs.add(merged);
        }
        merge(List.copyOf(runs), sink);
        runs.clear();
    }

    private void spill() throws IOException {
        RecordOrder.sort(buffer, width, used / width);
        Path run = nextRun();
        try (RecordFile.Writer out = RecordFile.write(run, width)) {
            long[] record = new long[width];
            for (int at = 0; at < used; at += width) {
                System.arraycopy(buffer, at, record, 0, width);
                out.add(record);
            }
        }
        runs.add(run);
        used = 0;
    }

    private Path nextRun() {
        return folder.resolve(name + ".run" + runsMade++);
    }

    private void merge(List<Path> files, Sink sink) throws IOException {
        Comparator<RecordFile.Reader> byRecord = (a, b) -> RecordOrder.compare(a.record(), 0, b.record(), 0, width);
        PriorityQueue<RecordFile.Reader> heads = new PriorityQueue<>(byRecord);
        List<RecordFile.Reader> readers = new ArrayList<>();
        try {
            for (Path file : files) {
                RecordFile.Reader reader = RecordFile.read(file, width);
                readers.add(reader);
                if (reader.next()) {
                    heads.add(reader);
                }
            }
            while (!heads.isEmpty()) {
                RecordFile.Reader least = heads.poll();
                sink.accept(least.record());
                if (least.next()) {
                    heads.add(least);
                }
            }
        } finally {
            for (RecordFile.Reader reader : readers) {
                reader.close();
            }
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }

    /// Deletes what is left of the runs.
    @Override
    public void close() throws IOException {
        for (Path run : runs) {
            Files.deleteIfExists(run);
        }
    }
}
