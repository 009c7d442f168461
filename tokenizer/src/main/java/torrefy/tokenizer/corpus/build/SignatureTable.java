package torrefy.tokenizer.corpus.build;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The MinHash signatures of all documents, mapped.
final class SignatureTable implements AutoCloseable {

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final Arena arena = Arena.ofShared();
    private final MemorySegment signatures;
    private final int hashes;

    SignatureTable(Path file, int hashes) throws IOException {
        this.hashes = hashes;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            signatures = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
    }

    int[] of(long ordinal) {
        int[] signature = new int[hashes];
        MemorySegment.copy(signatures, INT, ordinal * hashes * Integer.BYTES, signature, 0, hashes);
        return signature;
    }

    @Override
    public void close() {
        arena.close();
    }
}
