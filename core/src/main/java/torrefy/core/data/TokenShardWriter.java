package torrefy.core.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Objects;

/// Writes one [TokenShard], atomically: the file appears under its name when [#commit] returns, and never if the
/// writer is closed before.
public final class TokenShardWriter implements AutoCloseable {

    private static final int BUFFER_BYTES = 1 << 16;

    private final AtomicFile file;
    private final Path target;
    private final int vocabularySize;
    private final ShardFormat format;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long length;

    private TokenShardWriter(AtomicFile file, Path target, int vocabularySize) {
        this.file = file;
        this.target = target;
        this.vocabularySize = vocabularySize;
        this.format = ShardFormat.forVocabulary(vocabularySize);
    }

    /// Begins a shard of tokens in `[0, vocabularySize)`. They take two bytes each if the vocabulary has at most
    /// 65,536 entries and four otherwise.
    public static TokenShardWriter create(Path target, int vocabularySize) throws IOException {
        if (vocabularySize < 1) {
            throw new IllegalArgumentException("vocabulary size must be at least 1, got " + vocabularySize);
        }
        TokenShardWriter writer = new TokenShardWriter(AtomicFile.create(target), target, vocabularySize);
        try {
            writer.writeHeader();
        } catch (IOException e) {
            writer.close();
            throw e;
        }
        return writer;
    }

    /// Appends `tokens[from]` to `tokens[from + count - 1]`.
    ///
    /// @throws IllegalArgumentException if a token is not in `[0, vocabularySize)`
    public void write(int[] tokens, int from, int count) throws IOException {
        Objects.checkFromIndexSize(from, count, tokens.length);
        for (int done = 0; done < count; ) {
            makeRoom();
            int block = Math.min(count - done, buffer.remaining() / format.tokenBytes());
            block = (int) Math.min(block, Integer.MAX_VALUE - length);
            writeBlock(tokens, from + done, block);
            done += block;
        }
    }

    /// Appends one token.
    public void write(int token) throws IOException {
        makeRoom();
        require(token, length);
        put(buffer.position(), token);
        buffer.position(buffer.position() + format.tokenBytes());
        length++;
    }

    /// Makes room for at least one token.
    private void makeRoom() throws IOException {
        if (length == Integer.MAX_VALUE) {
            throw new IllegalStateException(
                    target + ": a shard holds at most " + Integer.MAX_VALUE + " tokens; begin another one");
        }
        if (buffer.remaining() < Integer.BYTES) {
            flush();
        }
    }

    private void writeBlock(int[] tokens, int from, int count) {
        for (int i = 0; i < count; i++) {
            require(tokens[from + i], length + i);
        }
        int at = buffer.position();
        for (int i = 0; i < count; i++) {
            put(at + i * format.tokenBytes(), tokens[from + i]);
        }
        buffer.position(at + count * format.tokenBytes());
        length += count;
    }

    private void require(int token, long position) {
        if (Integer.compareUnsigned(token, vocabularySize) >= 0) {
            throw new IllegalArgumentException(target + ": token " + token + " at position " + position
                    + " is outside [0, " + vocabularySize + ")");
        }
    }

    private void put(int at, int token) {
        if (format.tokenBytes() == Short.BYTES) {
            buffer.putShort(at, (short) token);
        } else {
            buffer.putInt(at, token);
        }
    }

    /// Number of tokens written so far.
    public long length() {
        return length;
    }

    /// Completes the file and gives it its name. Nothing can be written afterwards.
    public void commit() throws IOException {
        flush();
        file.channel().position(0);
        writeHeader();
        file.commit();
    }

    private void writeHeader() throws IOException {
        format.putHeader(buffer, (int) length);
        flush();
    }

    private void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            file.channel().write(buffer);
        }
        buffer.clear();
    }

    /// Deletes what was written unless it was committed.
    @Override
    public void close() throws IOException {
        file.close();
    }
}
