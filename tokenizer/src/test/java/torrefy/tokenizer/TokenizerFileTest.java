package torrefy.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizerFileTest {

    @TempDir
    Path folder;

    private static Tokenizer trained(SplitPattern pattern) {
        BpeTrainer trainer =
                new BpeTrainer(BpeConfig.of(700).withSplitPattern(pattern).withMinimumFrequency(1));
        Texts.CHOSEN.forEach(trainer::add);
        return trainer.train();
    }

    @Test
    void gpt2sTwoFilesHoldATokenizer() throws IOException {
        Tokenizer tokenizer = trained(SplitPattern.GPT_2);
        Gpt2Files.write(tokenizer, folder);
        assertEquals(tokenizer.fingerprint(), TokenizerFile.read(folder).fingerprint());
        assertEquals(
                tokenizer.fingerprint(),
                TokenizerFile.read(folder.resolve("merges.txt")).fingerprint());
        assertEquals(699, TokenizerFile.read(folder).endOfText());
    }

    /// Merges that are ranked as their tokens are numbered lose nothing as ranks.
    @Test
    void aTrainedVocabularyEncodesAlikeAsRanks() throws IOException {
        Tokenizer tokenizer = trained(SplitPattern.GPT_4);
        Path file = folder.resolve("own.tiktoken");
        TiktokenFile.write(tokenizer, file);
        Tokenizer read = TiktokenFile.read(
                file, new TiktokenFile.Surroundings(tokenizer.splitPattern(), tokenizer.specialTokens()));
        Random random = new Random(3);
        for (int i = 0; i < 500; i++) {
            String text = Texts.random(random, 80);
            assertArrayEquals(tokenizer.encode(text), read.encode(text));
        }
    }

    @Test
    void aFolderOrAFileNameTellsTheFormat() throws IOException {
        Tokenizer tokenizer = trained(SplitPattern.GPT_4);
        TokenizerJson.write(tokenizer, folder.resolve("tokenizer.json"));
        assertEquals(tokenizer.fingerprint(), TokenizerFile.read(folder).fingerprint());
        Files.write(folder.resolve("r50k_base.tiktoken"), PublishedVocabulary.R50K.file());
        assertEquals(
                50_256, TokenizerFile.read(folder.resolve("r50k_base.tiktoken")).endOfText());
        assertRefused("known are [cl100k", folder.resolve("mine.tiktoken"), "YQ== 0\n");
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertTrue(assertThrows(IOException.class, () -> TokenizerFile.read(empty))
                .getMessage()
                .contains("neither"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "YQ== 97 x | line 258 is no token",
                "YQ== -1 | line 258 is no token",
                "YQ== 1000000 | line 258 is no token",
                "Y*== 5 | line 258 is no token",
                "YWI= | line 258 is no token",
                "YWI= 97 | line 258: there is another token 97",
                "YQ== 300 | have the same bytes",
                "YWI= 50256 | line 258 is no token",
            })
    void aRankFileThatIsWrongIsRefusedWithTheLine(String line, String message) {
        StringBuilder file = new StringBuilder();
        for (int value = 0; value < 256; value++) {
            file.append(Base64.getEncoder().encodeToString(new byte[] {(byte) value}))
                    .append(' ')
                    .append(value)
                    .append('\n');
        }
        file.append("YWE= 256\n").append(line.strip()).append('\n');
        assertRefused(message, folder.resolve("r50k.tiktoken"), file.toString());
    }

    @Test
    void aRankFileThatIsCutOffLacksBytes() throws IOException {
        byte[] whole = PublishedVocabulary.R50K.file();
        String cut = new String(Arrays.copyOf(whole, 900), StandardCharsets.US_ASCII);
        assertRefused("line ", folder.resolve("r50k.tiktoken"), cut.substring(0, cut.lastIndexOf('\n') + 3));
        assertRefused(
                "no token for the byte", folder.resolve("r50k.tiktoken"), cut.substring(0, cut.lastIndexOf('\n')));
    }

    private void assertRefused(String message, Path file, String content) {
        IOException refused = assertThrows(IOException.class, () -> {
            Files.writeString(file, content);
            TokenizerFile.read(file);
        });
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
        assertTrue(refused.getMessage().startsWith(file.toString()), refused.getMessage());
        assertEquals(1, refused.getMessage().lines().count());
    }

    /// Any damage to a good file ends in a tokenizer or in one line.
    @Test
    void damagedFilesAreReadOrRefused() throws IOException {
        Gpt2Files.write(trained(SplitPattern.GPT_2), folder);
        TokenizerJson.write(trained(SplitPattern.GPT_4), folder.resolve("tokenizer.json"));
        TiktokenFile.write(trained(SplitPattern.GPT_4), folder.resolve("cl100k.tiktoken"));
        Random random = new Random(4);
        for (String name : List.of("tokenizer.json", "cl100k.tiktoken", "vocab.json", "merges.txt")) {
            Path file = folder.resolve(name);
            byte[] good = Files.readAllBytes(file);
            for (int i = 0; i < 150; i++) {
                byte[] bad = random.nextInt(3) == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
                for (int j = random.nextInt(4); j > 0 && bad.length > 0; j--) {
                    bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
                }
                Files.write(file, bad);
                try {
                    TokenizerFile.read(file);
                } catch (IOException e) {
                    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
                }
            }
            Files.write(file, good);
        }
    }

    @Test
    void llmcReadsTheBytesOfEveryToken() throws IOException {
        Tokenizer tokenizer = trained(SplitPattern.GPT_2);
        Path file = folder.resolve("tokenizer.bin");
        LlmcTokenizerFile.write(tokenizer, file);
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(20240328, bytes.getInt(0));
        assertEquals(2, bytes.getInt(4));
        assertEquals(700, bytes.getInt(8));
        assertEquals(699, bytes.getInt(12));
        bytes.position(1024);
        for (int token = 0; token < 700; token++) {
            byte[] read = new byte[bytes.get() & 0xff];
            bytes.get(read);
            assertArrayEquals(tokenizer.vocabulary().bytes(token), read);
        }
        assertEquals(0, bytes.remaining());
    }

    @Test
    void aTokenizerThatAFormatCannotHoldIsRefused() {
        Tokenizer gpt4 = trained(SplitPattern.GPT_4);
        assertThrows(IllegalArgumentException.class, () -> Gpt2Files.write(gpt4, folder));
        Tokenizer reversed = new Tokenizer(
                new Vocabulary(BpeTrainerTest.withBytes("ab", "cd")),
                List.of(new Merge('c', 'd', 257), new Merge('a', 'b', 256)),
                SplitPattern.GPT_4,
                new SpecialTokens(Map.of()),
                false);
        String why = assertThrows(
                        IllegalArgumentException.class,
                        () -> TiktokenFile.write(reversed, folder.resolve("x.tiktoken")))
                .getMessage();
        assertTrue(why.contains("token 256 is made by a later merge"), why);
        Tokenizer longToken = new Tokenizer(
                new Vocabulary(BpeTrainerTest.withBytes("<|endoftext|>", "x".repeat(256))),
                List.of(),
                SplitPattern.GPT_4,
                new SpecialTokens(Map.of("<|endoftext|>", 256)),
                false);
        assertThrows(IllegalArgumentException.class, () -> LlmcTokenizerFile.write(longToken, folder.resolve("x.bin")));
        assertTrue(Files.notExists(folder.resolve("x.bin")) && Files.notExists(folder.resolve("x.tiktoken")));
    }
}
