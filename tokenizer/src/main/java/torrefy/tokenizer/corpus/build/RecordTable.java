package torrefy.tokenizer.corpus.build;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file of records of a fixed number of `long`s, mapped: any record at once, and no heap.
final class RecordTable implements AutoCloseable {

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final Arena arena = Arena.ofShared();
    private final MemorySegment records;
    private final int width;

    RecordTable(Path file, int width) throws IOException {
        this.width = width;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            records = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
    }

    long size() {
        return records.byteSize() / ((long) width * Long.BYTES);
    }

    long get(long record, int field) {
        return records.get(LONG, (record * width + field) * Long.BYTES);
    }

    @Override
    public void close() {
        arena.close();
    }
}
