package torrefy.core.data;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/// A file of token ids, mapped into memory: a shard larger than the heap costs no heap, and any thread may read any
/// place.
///
/// The format is that of llm.c's data loader. A header of 256 little-endian `int32` (1024 bytes) holds a magic
/// number, a version and the number of tokens, the rest zero; the tokens follow without a gap:
///
/// | magic | version | a token is |
/// |---|---|---|
/// | 20240520 | 1 | `u16`, little-endian |
/// | 20240801 | 7 | `u32`, little-endian |
///
/// nanoGPT's `.bin` files are the tokens alone, as `u16`, without a header. Nothing in such a file says so: it is for
/// the caller to know, and to call [#openHeaderless].
public final class TokenShard implements AutoCloseable {

    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final Arena arena;
    private final MemorySegment tokens;
    private final boolean wide;
    private final long length;

    private TokenShard(Path file, Arena arena, MemorySegment tokens, ShardFormat format) {
        this.file = file;
        this.arena = arena;
        this.tokens = tokens;
        this.wide = format == ShardFormat.U32;
        this.length = tokens.byteSize() / format.tokenBytes();
    }

    /// Finds out in which form the tokens of a mapped file are, and checks it.
    @FunctionalInterface
    private interface Recognition {
        ShardFormat format(MemorySegment all) throws IOException;
    }

    /// Maps a shard.
    ///
    /// @throws NoSuchFileException if there is no such file
    /// @throws IOException if the magic number, the version or the length is not what the format says; the message
    ///     names the file
    public static TokenShard open(Path file) throws IOException {
        return map(file, ShardFormat.HEADER_BYTES, all -> formatOf(file, all));
    }

    /// Maps a file of tokens of two bytes each without a header, as nanoGPT's scripts prepare them.
    ///
    /// @throws NoSuchFileException if there is no such file
    /// @throws IOException if the file has half a token, or the header of a shard; the message names the file
    public static TokenShard openHeaderless(Path file) throws IOException {
        return map(file, 0, all -> {
            if (all.byteSize() % Short.BYTES != 0) {
                throw new IOException(file + ": is " + all.byteSize()
                        + " bytes long, an odd number; tokens of two bytes each without a header are an even one");
            }
            for (ShardFormat format : ShardFormat.values()) {
                if (all.byteSize() >= ShardFormat.HEADER_BYTES
                        && all.get(I32, 0) == format.magic()
                        && all.get(I32, Integer.BYTES) == format.version()) {
                    throw new IOException(file + ": begins with the header of a token shard, and is to be read as one");
                }
            }
            return ShardFormat.U16;
        });
    }

    private static TokenShard map(Path file, int headerBytes, Recognition recognition) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file + ": no such token shard");
        }
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + ": is not a regular file, so not a token shard");
        }
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long bytes = channel.size();
            if (bytes < headerBytes) {
                throw new IOException(file + ": is " + bytes + " bytes long, shorter than a token shard's header of "
                        + headerBytes + " bytes");
            }
            MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes, arena);
            ShardFormat format = recognition.format(all);
            return new TokenShard(file, arena, all.asSlice(headerBytes), format);
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private static ShardFormat formatOf(Path file, MemorySegment all) throws IOException {
        int magic = all.get(I32, 0);
        int version = all.get(I32, Integer.BYTES);
        int length = all.get(I32, 2L * Integer.BYTES);
        for (ShardFormat format : ShardFormat.values()) {
            if (format.magic() != magic) {
                continue;
            }
            if (format.version() != version) {
                throw new IOException(file + ": token shard version " + version + " is not known; magic number " + magic
                        + " goes with version " + format.version());
            }
            long expected = ShardFormat.HEADER_BYTES + (long) length * format.tokenBytes();
            if (length < 0 || expected != all.byteSize()) {
                throw new IOException(file + ": the header says " + length + " tokens, which need " + expected
                        + " bytes, but the file has " + all.byteSize() + "; it is damaged or was cut off");
            }
            return format;
        }
        throw new IOException(file + ": is not a token shard: it begins with " + magic + " instead of "
                + ShardFormat.U16.magic() + " or " + ShardFormat.U32.magic()
                + "; nanoGPT's files, which have no header, are opened as headerless");
    }

    /// The file behind this shard.
    public Path file() {
        return file;
    }

    /// Number of tokens.
    public long length() {
        return length;
    }

    /// The token at place `index`.
    ///
    /// @throws IndexOutOfBoundsException if `index` is not in `[0, length())`
    public int token(long index) {
        return wide ? tokens.getAtIndex(I32, index) : tokens.getAtIndex(U16, index) & 0xffff;
    }

    /// Copies tokens `from` to `from + count - 1` to `out[at]` … `out[at + count - 1]`.
    public void read(long from, int[] out, int at, int count) {
        Objects.checkFromIndexSize(from, count, length);
        Objects.checkFromIndexSize(at, count, out.length);
        if (wide) {
            MemorySegment.copy(tokens, I32, from * Integer.BYTES, out, at, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            out[at + i] = tokens.getAtIndex(U16, from + i) & 0xffff;
        }
    }

    /// Checks that every token belongs to a vocabulary of `vocabularySize` entries. Reads the whole file.
    ///
    /// @throws IOException naming the file and the first token that does not
    public void requireTokensBelow(int vocabularySize) throws IOException {
        for (long i = 0; i < length; i++) {
            if (Integer.compareUnsigned(token(i), vocabularySize) >= 0) {
                throw new IOException(file + ": token " + Integer.toUnsignedString(token(i)) + " at position " + i
                        + " is outside the vocabulary of " + vocabularySize
                        + "; the shard was written with another tokenizer");
            }
        }
    }

    /// Unmaps the file. Reading afterwards throws.
    @Override
    public void close() {
        arena.close();
    }
}
