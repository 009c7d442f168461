package torrefy.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The ids that Hugging Face's tokenizers give, which are written in Rust and reached through DJL 0.36.0, after reading
/// a file that was written here.
class HuggingFaceTest {

    @TempDir
    static Path folder;

    /// Where the native library is unpacked; and DJL asks no server for anything.
    @BeforeAll
    static void keepEverythingHere() {
        System.setProperty("DJL_CACHE_DIR", folder.toString());
        System.setProperty("ENGINE_CACHE_DIR", folder.toString());
        System.setProperty("ai.djl.offline", "true");
    }

    private static void assertSameIds(Tokenizer tokenizer) throws IOException {
        assertSameIds(tokenizer, false);
    }

    /// @param marked whether texts are to have the marks that the file puts before them
    private static void assertSameIds(Tokenizer tokenizer, boolean marked) throws IOException {
        Path file = folder.resolve("tokenizer.json");
        TokenizerJson.write(tokenizer, file);
        Tokenizer read = TokenizerJson.read(file);
        List<String> texts = new ArrayList<>(Texts.CHOSEN);
        // A special token's name becomes that token there, whatever one asks for.
        texts.removeIf(text -> text.contains("<|"));
        texts.addAll(Texts.runs());
        texts.addAll(List.of("<think>a</think>\n\n<think>> b the<think>the <think", "then  <think>  the\n</think>"));
        Random random = new Random(2);
        for (int i = 0; i < 2_000; i++) {
            texts.add(Texts.random(random, 1 + random.nextInt(120)));
        }
        try (HuggingFaceTokenizer oracle = HuggingFaceTokenizer.builder()
                .optTokenizerPath(file)
                .optTruncation(false)
                .build()) {
            for (String text : texts) {
                int[] expected = Arrays.stream(
                                oracle.encode(text, marked, false).getIds())
                        .mapToInt(Math::toIntExact)
                        .toArray();
                assertArrayEquals(expected, encoded(tokenizer, text, marked), () -> "on " + text);
                assertArrayEquals(expected, encoded(read, text, marked), () -> "read back, on " + text);
            }
        }
    }

    private static int[] encoded(Tokenizer tokenizer, String text, boolean marked) {
        int[] plain = tokenizer.encode(text);
        return marked
                ? IntStream.concat(IntStream.of(tokenizer.startOfText()), IntStream.of(plain))
                        .toArray()
                : plain;
    }

    @ParameterizedTest
    @EnumSource(names = {"R50K", "CL100K", "O200K"})
    void publishedVocabulariesGiveTheSameIdsThere(PublishedVocabulary vocabulary) throws IOException {
        assertSameIds(vocabulary.tokenizer());
    }

    /// Texts begin with marks of their own, are composed first, and hold words that were added to the vocabulary.
    @Test
    void marksWordsAndComposedTextAreTheSameThere() throws IOException {
        List<String> words = List.of("<think>", "</think>", "<think>>", "the");
        BpeTrainer trainer = new BpeTrainer(BpeConfig.of(2_000)
                .withSplitPattern(SplitPattern.QWEN_2)
                .withMinimumFrequency(1)
                .withSpecialTokens(Stream.concat(Stream.of(SpecialTokens.END_OF_TEXT), words.stream())
                        .toList()));
        Texts.CHOSEN.forEach(trainer::add);
        Tokenizer trained = trainer.train();
        Tokenizer tokenizer = new Tokenizer(
                        trained.vocabulary(),
                        trained.merges(),
                        trained.splitPattern(),
                        new SpecialTokens(trained.specialTokens().ids(), Set.copyOf(words)),
                        false)
                .withComposing(true);
        assertSameIds(tokenizer.withBeginning(tokenizer.endOfText(), 65), true);
    }

    @Test
    void vocabulariesTrainedHereGiveTheSameIdsThere() throws IOException {
        for (SplitPattern pattern : List.of(SplitPattern.GPT_2, SplitPattern.GPT_4, SplitPattern.GPT_4O)) {
            BpeTrainer trainer =
                    new BpeTrainer(BpeConfig.of(2_000).withSplitPattern(pattern).withMinimumFrequency(1));
            Texts.CHOSEN.forEach(trainer::add);
            assertSameIds(trainer.train());
        }
    }
}
