package torrefy.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// Whatever happened to a tokenizer's file, reading it ends in a tokenizer that gives back every text, or in one line
/// that names the file.
class DamagedTokenizersProperties {

    private static final List<String> VALUES = List.of(
            "0",
            "-1",
            "1e999",
            "2147483647",
            "2147483648",
            "9223372036854775808",
            "null",
            "\"x\"",
            "[]",
            "{}",
            "[".repeat(3000),
            "NaN",
            "true",
            "0.5",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "",
            ",",
            "}",
            "1".repeat(2000),
            "====");

    private static final byte[] TEXT = "low lower größer 12345\n\n  end".getBytes(StandardCharsets.UTF_8);

    private static Path folder;

    @BeforeContainer
    static void write() throws IOException {
        folder = Files.createTempDirectory("damaged");
        for (SplitPattern pattern : List.of(SplitPattern.GPT_2, SplitPattern.GPT_4)) {
            BpeTrainer trainer = new BpeTrainer(BpeConfig.of(280).withSplitPattern(pattern));
            trainer.add("low lower lowest, größer größte \"quoted\\\" \t\n\n".repeat(5));
            Tokenizer tokenizer = trainer.train();
            if (pattern.equals(SplitPattern.GPT_2)) {
                Gpt2Files.write(tokenizer, folder);
            } else {
                // With every part that can be written.
                Tokenizer marked = tokenizer.withComposing(true).withBeginning(tokenizer.endOfText());
                TokenizerJson.write(marked, folder.resolve("tokenizer.json"));
                TiktokenFile.write(tokenizer, folder.resolve("cl100k.tiktoken"));
            }
        }
    }

    @AfterContainer
    static void delete() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Property(tries = 600)
    void aDamagedFileIsReadOrRefused(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        Path file = folder.resolve(List.of("tokenizer.json", "cl100k.tiktoken", "vocab.json", "merges.txt")
                .get(random.nextInt(4)));
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, damaged(whole, random));
        try {
            Tokenizer tokenizer = TokenizerFile.read(file);
            assertArrayEquals(TEXT, tokenizer.decode(tokenizer.encode(TEXT)));
            tokenizer.vocabulary().bytes(tokenizer.hasBeginning() ? tokenizer.startOfText()[0] : 0);
        } catch (IOException e) {
            assertTrue(e.getMessage().startsWith(folder.toString()), e.getMessage());
            assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        } finally {
            Files.write(file, whole);
        }
    }

    /// Bits flip, the end is lost, words become others, stretches are there twice or not at all.
    private static byte[] damaged(byte[] whole, Random random) {
        byte[] bytes = whole.clone();
        for (int times = 1 + random.nextInt(3); times > 0 && bytes.length > 0; times--) {
            int at = random.nextInt(random.nextBoolean() ? bytes.length : Math.min(bytes.length, 900));
            int to = Math.min(bytes.length, at + random.nextInt(40));
            String value = VALUES.get(random.nextInt(VALUES.size()));
            bytes = switch (random.nextInt(6)) {
                case 0 -> flipped(bytes, at, random.nextInt(8));
                case 1 -> Arrays.copyOf(bytes, at);
                case 2 -> replaced(bytes, at, to, new byte[0]);
                case 3 -> replaced(bytes, at, at, Arrays.copyOfRange(bytes, at, to));
                case 4 -> replaced(bytes, at, at, new byte[] {(byte) random.nextInt()});
                default ->
                    replaced(
                            bytes,
                            word(bytes, at, true),
                            word(bytes, at, false),
                            value.getBytes(StandardCharsets.UTF_8));
            };
        }
        return bytes;
    }

    private static byte[] flipped(byte[] bytes, int at, int bit) {
        bytes[at] ^= (byte) (1 << bit);
        return bytes;
    }

    /// Where the first word or number from `at` on begins or ends.
    private static int word(byte[] bytes, int at, boolean begin) {
        int place = at;
        while (place < bytes.length && !Character.isLetterOrDigit(bytes[place])) {
            place++;
        }
        while (!begin && place < bytes.length && Character.isLetterOrDigit(bytes[place])) {
            place++;
        }
        return place;
    }

    private static byte[] replaced(byte[] bytes, int from, int to, byte[] instead) {
        byte[] result = Arrays.copyOf(bytes, from + instead.length + bytes.length - to);
        System.arraycopy(instead, 0, result, from, instead.length);
        System.arraycopy(bytes, to, result, from + instead.length, bytes.length - to);
        return result;
    }
}
