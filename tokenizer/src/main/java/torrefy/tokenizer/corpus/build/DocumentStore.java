package torrefy.tokenizer.corpus.build;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import torrefy.tokenizer.corpus.read.TextForm;

/// A file of documents, written one after another and read at any place: mapped, so it takes no heap. A second file
/// holds the place of each.
final class DocumentStore implements AutoCloseable {

    private static final TextForm[] FORMS = TextForm.values();

    private final Arena arena = Arena.ofShared();
    private final MemorySegment documents;
    private final RecordTable positions;

    DocumentStore(Path documentsFile, Path positionsFile) throws IOException {
        try (FileChannel channel = FileChannel.open(documentsFile, StandardOpenOption.READ)) {
            documents = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
        positions = new RecordTable(positionsFile, 2);
    }

    /// The document that was the `ordinal`-th to be written.
    StoredDocument read(long ordinal) {
        ByteBuffer record = record(ordinal);
        return new StoredDocument(
                record.getLong(),
                record.getLong(),
                string(record),
                record.getInt(),
                FORMS[record.get()],
                record.getLong(),
                record.getLong(),
                string(record),
                bytes(record));
    }

    /// Where that document came from; its text is not touched.
    String source(long ordinal) {
        ByteBuffer record = record(ordinal);
        record.getLong();
        record.getLong();
        return string(record);
    }

    private ByteBuffer record(long ordinal) {
        return documents
                .asSlice(positions.get(ordinal, 0), positions.get(ordinal, 1))
                .asByteBuffer();
    }

    private static String string(ByteBuffer record) {
        return new String(bytes(record), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(ByteBuffer record) {
        byte[] bytes = new byte[record.getInt()];
        record.get(bytes);
        return bytes;
    }

    @Override
    public void close() {
        arena.close();
        positions.close();
    }

    /// Appends documents, to those that are there.
    static final class Writer implements AutoCloseable {
        private final DataOutputStream documents;
        private final DataOutputStream positions;
        private long position;

        Writer(Path documentsFile, Path positionsFile) throws IOException {
            documents = new DataOutputStream(new BufferedOutputStream(appending(documentsFile), 1 << 18));
            positions = new DataOutputStream(new BufferedOutputStream(appending(positionsFile), 1 << 16));
            position = Files.size(documentsFile);
        }

        private static OutputStream appending(Path file) throws IOException {
            return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }

        /// Hands everything to the operating system.
        void flush() throws IOException {
            documents.flush();
            positions.flush();
        }

        void add(StoredDocument document) throws IOException {
            byte[] source = document.source().getBytes(StandardCharsets.UTF_8);
            byte[] changes = document.changes().getBytes(StandardCharsets.UTF_8);
            documents.writeLong(document.keyHigh());
            documents.writeLong(document.keyLow());
            write(source);
            documents.writeInt(document.origin());
            documents.writeByte(document.form().ordinal());
            documents.writeLong(document.from());
            documents.writeLong(document.to());
            write(changes);
            write(document.text());
            int numbers = 4 * Long.BYTES + 4 * Integer.BYTES + 1;
            long length = numbers + (long) source.length + changes.length + document.text().length;
            positions.writeLong(position);
            positions.writeLong(length);
            position += length;
        }

        private void write(byte[] bytes) throws IOException {
            documents.writeInt(bytes.length);
            documents.write(bytes);
        }

        @Override
        public void close() throws IOException {
            try (documents;
                    positions) {
                documents.flush();
            }
        }
    }
}
