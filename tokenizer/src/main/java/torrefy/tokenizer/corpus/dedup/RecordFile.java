package torrefy.tokenizer.corpus.dedup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file of records of a fixed number of `long`s, read and written from beginning to end.
public final class RecordFile {

    private static final int BUFFER_BYTES = 1 << 16;

    private RecordFile() {}

    public static Writer write(Path file, int width) throws IOException {
        return new Writer(FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), width);
    }

    /// Goes on with a file, or begins it if there is none.
    public static Writer append(Path file, int width) throws IOException {
        return new Writer(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND), width);
    }

    public static Reader read(Path file, int width) throws IOException {
        return new Reader(FileChannel.open(file, StandardOpenOption.READ), width);
    }

    private static int bufferBytes(int width) {
        return Math.max(1, BUFFER_BYTES / (width * Long.BYTES)) * width * Long.BYTES;
    }

    /// Appends records.
    public static final class Writer implements AutoCloseable {
        private final FileChannel channel;
        private final ByteBuffer buffer;

        private Writer(FileChannel channel, int width) {
            this.channel = channel;
            this.buffer = ByteBuffer.allocate(bufferBytes(width));
        }

        public void add(long... record) throws IOException {
            if (!buffer.hasRemaining()) {
                flush();
            }
            for (long value : record) {
                buffer.putLong(value);
            }
        }

        /// Hands everything to the operating system.
        public void flush() throws IOException {
            buffer.flip();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            buffer.clear();
        }

        @Override
        public void close() throws IOException {
            try (channel) {
                flush();
            }
        }
    }

    /// Hands out records one by one.
    public static final class Reader implements AutoCloseable {
        private final FileChannel channel;
        private final ByteBuffer buffer;
        private final long[] record;

        private Reader(FileChannel channel, int width) {
            this.channel = channel;
            this.buffer = ByteBuffer.allocate(bufferBytes(width)).limit(0);
            this.record = new long[width];
        }

        /// Goes on to the next record; false at the end.
        public boolean next() throws IOException {
            if (!buffer.hasRemaining()) {
                buffer.clear();
                int count = 0;
                while (buffer.hasRemaining() && count >= 0) {
                    count = channel.read(buffer);
                }
                buffer.flip();
            }
            if (!buffer.hasRemaining()) {
                return false;
            }
            for (int i = 0; i < record.length; i++) {
                record[i] = buffer.getLong();
            }
            return true;
        }

        /// The record, valid until the next one.
        public long[] record() {
            return record;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
