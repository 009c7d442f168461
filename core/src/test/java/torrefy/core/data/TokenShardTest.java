package torrefy.core.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenShardTest {

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("train.bin");
    }

    private void write(int vocabularySize, int... tokens) throws IOException {
        try (TokenShardWriter writer = TokenShardWriter.create(file, vocabularySize)) {
            writer.write(tokens, 0, tokens.length);
            assertEquals(tokens.length, writer.length());
            writer.commit();
        }
    }

    @ParameterizedTest
    @CsvSource({"4096, 0", "4096, 1", "65536, 7", "65536, 31", "65537, 13", "65536, 40098", "200000, 40098"})
    void whatWasWrittenIsReadBack(int vocabularySize, int length) throws IOException {
        int[] tokens = new Random(length).ints(length, 0, vocabularySize).toArray();
        if (length > 0) {
            tokens[length - 1] = vocabularySize - 1;
        }
        write(vocabularySize, tokens);
        try (TokenShard shard = TokenShard.open(file)) {
            assertEquals(length, shard.length());
            int[] all = new int[length + 2];
            shard.read(0, all, 1, length);
            assertArrayEquals(tokens, Arrays.copyOfRange(all, 1, length + 1));
            assertEquals(0, all[length + 1]);
            for (int i = 0; i < length; i += 31) {
                assertEquals(tokens[i], shard.token(i));
            }
            shard.requireTokensBelow(vocabularySize);
        }
        assertEquals(1024 + (long) length * (vocabularySize <= 65536 ? 2 : 4), Files.size(file));
    }

    /// The bytes that llm.c's data loader expects, spelled out.
    @Test
    void theFileIsThatOfLlmC() throws IOException {
        write(50257, 1, 50256);
        ByteBuffer narrow = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(20240520, narrow.getInt(0));
        assertEquals(1, narrow.getInt(4));
        assertEquals(2, narrow.getInt(8));
        for (int i = 12; i < 1024; i++) {
            assertEquals(0, narrow.get(i));
        }
        assertEquals(1, narrow.getShort(1024));
        assertEquals((short) 50256, narrow.getShort(1026));

        write(128256, 128255);
        ByteBuffer wide = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(20240801, wide.getInt(0));
        assertEquals(7, wide.getInt(4));
        assertEquals(1, wide.getInt(8));
        assertEquals(128255, wide.getInt(1024));
    }

    @Test
    void withoutACommitThereIsNoFile() throws IOException {
        try (TokenShardWriter writer = TokenShardWriter.create(file, 10)) {
            writer.write(3);
        }
        assertFalse(Files.exists(file));
        try (var files = Files.list(folder)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void aTokenOutsideTheVocabularyIsNotWritten() throws IOException {
        try (TokenShardWriter writer = TokenShardWriter.create(file, 10)) {
            writer.write(9);
            for (int wrong : new int[] {10, -1, Integer.MIN_VALUE}) {
                IllegalArgumentException refused =
                        assertThrows(IllegalArgumentException.class, () -> writer.write(wrong));
                assertEquals(file + ": token " + wrong + " at position 1 is outside [0, 10)", refused.getMessage());
            }
        }
        assertThrows(IllegalArgumentException.class, () -> TokenShardWriter.create(file, 0));
    }

    @Test
    void readingPastTheEndIsRefused() throws IOException {
        write(10, 1, 2, 3);
        try (TokenShard shard = TokenShard.open(file)) {
            assertThrows(IndexOutOfBoundsException.class, () -> shard.token(3));
            assertThrows(IndexOutOfBoundsException.class, () -> shard.token(-1));
            assertThrows(IndexOutOfBoundsException.class, () -> shard.read(2, new int[5], 0, 2));
            assertThrows(IndexOutOfBoundsException.class, () -> shard.read(0, new int[2], 0, 3));
        }
    }

    @Test
    void aClosedShardIsNotRead() throws IOException {
        write(10, 1, 2, 3);
        TokenShard shard = TokenShard.open(file);
        shard.close();
        assertThrows(IllegalStateException.class, () -> shard.token(0));
    }

    @Test
    void tokensOfALargerVocabularyAreFound() throws IOException {
        write(100, 5, 41, 7, 42);
        try (TokenShard shard = TokenShard.open(file)) {
            shard.requireTokensBelow(43);
            IOException refused = assertThrows(IOException.class, () -> shard.requireTokensBelow(42));
            assertTrue(refused.getMessage().startsWith(file + ": token 42 at position 3"), refused.getMessage());
        }
        // A token above 2^31, which no writer of ours makes, is not mistaken for a negative one.
        write(100_000, 5);
        patch(1024, -1);
        try (TokenShard shard = TokenShard.open(file)) {
            IOException refused = assertThrows(IOException.class, () -> shard.requireTokensBelow(100_000));
            assertTrue(refused.getMessage().contains("token 4294967295"), refused.getMessage());
        }
    }

    @Test
    void aDamagedFileIsRefusedByName() throws IOException {
        write(100, 1, 2, 3);
        patch(0, 20240326);
        assertRefused("is not a token shard");
        write(100, 1, 2, 3);
        patch(4, 2);
        assertRefused("version 2");
        write(100, 1, 2, 3);
        patch(8, 4);
        assertRefused("4 tokens");
        patch(8, -3);
        assertRefused("-3 tokens");
        patch(8, Integer.MAX_VALUE);
        assertRefused("cut off");
        Files.write(file, new byte[1023]);
        assertRefused("shorter than a token shard's header");
        Files.write(file, new byte[0]);
        assertRefused("0 bytes");
        Files.delete(file);
        assertRefused("no such token shard");
        Files.createDirectory(file);
        assertRefused("not a regular file");
    }

    /// What `numpy.array(ids, dtype=numpy.uint16).tofile(…)` writes, as nanoGPT's scripts do.
    @Test
    void aFileWithoutAHeaderIsReadByWhoeverKnowsThatItIsOne() throws IOException {
        Files.write(file, new byte[] {1, 0, 0x50, (byte) 0xc4, (byte) 0xff, (byte) 0xff});
        try (TokenShard shard = TokenShard.openHeaderless(file)) {
            int[] all = new int[3];
            shard.read(0, all, 0, 3);
            assertArrayEquals(new int[] {1, 50256, 65535}, all);
            assertEquals(3, shard.length());
            assertThrows(IndexOutOfBoundsException.class, () -> shard.token(3));
        }
        Files.write(file, new byte[2048]);
        assertRefused("nanoGPT's files, which have no header");
        Files.write(file, new byte[0]);
        try (TokenShard shard = TokenShard.openHeaderless(file)) {
            assertEquals(0, shard.length());
        }
    }

    @Test
    void aFileIsNotTakenForHeaderlessThatCannotBe() throws IOException {
        Files.write(file, new byte[7]);
        assertHeaderlessRefused("7 bytes long, an odd number");
        write(100, 1, 2, 3);
        assertHeaderlessRefused("begins with the header of a token shard");
        write(100_000, 1, 2, 3);
        assertHeaderlessRefused("begins with the header of a token shard");
        Files.delete(file);
        assertHeaderlessRefused("no such token shard");
    }

    /// Any damage ends in one line, or in tokens that can all be read.
    @Property(tries = 300)
    void aDamagedFileIsReadOrRefused(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        Path damaged = Files.createTempFile("damaged", ".bin");
        try {
            int size = random.nextBoolean() ? 70_000 : 300;
            try (TokenShardWriter writer = TokenShardWriter.create(damaged, size)) {
                writer.write(random.ints(31, 0, size).toArray(), 0, 31);
                writer.commit();
            }
            byte[] bytes = Files.readAllBytes(damaged);
            for (int i = random.nextInt(3); i >= 0; i--) {
                bytes[random.nextInt(random.nextBoolean() ? 12 : bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(damaged, Arrays.copyOf(bytes, bytes.length + random.nextInt(3) - random.nextInt(40)));
            for (boolean headerless : new boolean[] {false, true}) {
                try (TokenShard shard = headerless ? TokenShard.openHeaderless(damaged) : TokenShard.open(damaged)) {
                    shard.read(0, new int[(int) shard.length()], 0, (int) shard.length());
                } catch (IOException e) {
                    assertTrue(e.getMessage().startsWith(damaged + ": "), e.getMessage());
                    assertEquals(1, e.getMessage().lines().count());
                }
            }
        } finally {
            Files.delete(damaged);
        }
    }

    private void assertHeaderlessRefused(String why) {
        IOException refused = assertThrows(IOException.class, () -> TokenShard.openHeaderless(file));
        assertTrue(refused.getMessage().startsWith(file + ": "), refused.getMessage());
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
    }

    private void patch(int at, int value) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
        Files.write(file, bytes);
    }

    private void assertRefused(String why) {
        IOException refused = assertThrows(IOException.class, () -> TokenShard.open(file));
        assertTrue(refused.getMessage().startsWith(file + ": "), refused.getMessage());
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
    }
}
