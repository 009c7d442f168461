package torrefy.core.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// Whatever happened to a file of tokens, opening it ends in as many tokens as it has room for, or in one line that
/// names the file.
class DamagedShardsProperties {

    private static final int[] BAD = {0, 1, -1, 7, 1 << 20, Integer.MAX_VALUE, Integer.MIN_VALUE, 20240520, 20240801};

    private static final int VOCABULARY = 300;
    private static final int WIDE_VOCABULARY = 100_000;

    private static Path folder;

    @BeforeContainer
    static void write() throws IOException {
        folder = Files.createTempDirectory("damaged");
        for (int vocabulary : new int[] {VOCABULARY, WIDE_VOCABULARY}) {
            try (TokenShardWriter writer = TokenShardWriter.create(file(vocabulary), vocabulary)) {
                for (int token = 0; token < 207; token++) {
                    writer.write(token * (vocabulary / 300));
                }
                writer.commit();
            }
        }
    }

    private static Path file(int vocabulary) {
        return folder.resolve(vocabulary + ".bin");
    }

    @AfterContainer
    static void delete() throws IOException {
        for (int vocabulary : new int[] {VOCABULARY, WIDE_VOCABULARY}) {
            Files.delete(file(vocabulary));
        }
        Files.delete(folder);
    }

    /// @param wide whether a token takes four bytes, not two
    @Property(tries = 500)
    void aDamagedShardIsReadOrRefused(@ForAll long seed, @ForAll boolean wide) throws IOException {
        int vocabulary = wide ? WIDE_VOCABULARY : VOCABULARY;
        Path file = file(vocabulary);
        byte[] whole = Files.readAllBytes(file);
        byte[] damaged = damaged(whole, new Random(seed));
        try {
            Files.write(file, damaged);
            read(file, damaged.length, vocabulary, false);
            // A file without a header is taken for what it is: tokens from the first byte on.
            read(file, damaged.length, vocabulary, true);
        } finally {
            Files.write(file, whole);
        }
    }

    private static void read(Path file, int bytes, int vocabulary, boolean headerless) throws IOException {
        try (TokenShard shard = headerless ? TokenShard.openHeaderless(file) : TokenShard.open(file)) {
            assertTrue(shard.length() * Short.BYTES <= bytes, shard.length() + " tokens in " + bytes + " bytes");
            int[] tokens = new int[(int) shard.length()];
            shard.read(0, tokens, 0, tokens.length);
            shard.requireTokensBelow(vocabulary);
            assertTrue(Arrays.stream(tokens).allMatch(token -> token >= 0 && token < vocabulary));
        } catch (IOException e) {
            assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
            assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        }
    }

    /// Numbers of the header become others, bits flip, the end is lost, bytes come in between.
    private static byte[] damaged(byte[] whole, Random random) {
        byte[] bytes = whole.clone();
        for (int times = 1 + random.nextInt(3); times > 0 && bytes.length > 12; times--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes = Arrays.copyOf(bytes, at);
                case 2 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(9));
                default ->
                    ByteBuffer.wrap(bytes)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putInt(4 * random.nextInt(3), BAD[random.nextInt(BAD.length)]);
            }
        }
        return bytes;
    }
}
