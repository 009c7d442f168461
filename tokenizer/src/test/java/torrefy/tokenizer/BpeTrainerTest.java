package torrefy.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class BpeTrainerTest {

    private static Tokenizer train(BpeConfig config, String... texts) {
        BpeTrainer trainer = new BpeTrainer(config);
        for (String text : texts) {
            trainer.add(text);
        }
        return trainer.train();
    }

    private static String token(Tokenizer tokenizer, int id) {
        return new String(tokenizer.vocabulary().bytes(id), StandardCharsets.ISO_8859_1);
    }

    @Test
    void bytesComeFirstThenMergesThenSpecialTokens() {
        Tokenizer tokenizer = train(
                BpeConfig.of(260).withSpecialTokens(List.of("<|endoftext|>", "<|pad|>")), "low low low lower newest");
        assertEquals(260, tokenizer.vocabularySize());
        assertEquals("\u00ff", token(tokenizer, 255));
        assertEquals("lo", token(tokenizer, 256));
        assertEquals("low", token(tokenizer, 257));
        assertEquals(258, tokenizer.endOfText());
        assertEquals(259, tokenizer.specialTokens().id("<|pad|>"));
    }

    /// All four pairs stand once; `b` before `c`, and the first byte counts more than the second.
    @Test
    void tiesGoToTheSmallerLeftTokenThenTheSmallerRightOne() {
        BpeConfig config = new BpeConfig(258, SplitPattern.of("[^ ]+"), 1, List.of());
        Tokenizer tokenizer = train(config, "cz ba bz \u00e9");
        assertEquals("ba", token(tokenizer, 256));
        assertEquals("bz", token(tokenizer, 257));
    }

    /// As a signed number the byte C3 would come before every letter.
    @Test
    void bytesAreComparedUnsigned() {
        BpeConfig config = new BpeConfig(257, SplitPattern.of("[^ ]+"), 1, List.of());
        assertEquals("xy", token(train(config, "\u00e9 xy"), 256));
    }

    @Test
    void aTextTooSmallForTheVocabularyGivesASmallerOne() {
        Tokenizer tokenizer = train(BpeConfig.of(4096), "abab");
        assertEquals(256 + 1 + 1, tokenizer.vocabularySize());
        assertEquals(257, tokenizer.endOfText());
        assertEquals(257, train(BpeConfig.of(4096)).vocabularySize());
    }

    @Test
    void pairsBelowTheMinimumFrequencyAreNotMerged() {
        assertEquals(
                0,
                train(BpeConfig.of(4096).withMinimumFrequency(3), "abab")
                        .merges()
                        .size());
        assertEquals(
                1,
                train(BpeConfig.of(4096).withMinimumFrequency(2), "abab")
                        .merges()
                        .size());
        assertEquals(
                2,
                train(BpeConfig.of(4096).withMinimumFrequency(1), "abab")
                        .merges()
                        .size());
    }

    /// With nothing to split at, the name of the mark would be the most frequent token there is.
    @Test
    void noMergeMakesTheNameOfASpecialToken() {
        BpeConfig config = new BpeConfig(1000, SplitPattern.of("(?s).+"), 1, List.of("<|endoftext|>"));
        Tokenizer tokenizer = train(config, "<|endoftext|>", "<|endoftext|>", "<|endoftext|>");
        int mark = tokenizer.endOfText();
        for (int token : tokenizer.encode("<|endoftext|>")) {
            assertFalse(token == mark);
        }
        assertEquals("<|endoftext|>", tokenizer.decodeText(tokenizer.encode("<|endoftext|>")));
    }

    /// `abc` is first made of `ab` and `c`, later of `a` and `bc`: the second merge leads to the same token.
    @Test
    void twoMergesMayLeadToTheSameToken() {
        Tokenizer tokenizer = new Tokenizer(
                new Vocabulary(withBytes("ab", "bc", "abc")),
                List.of(
                        new Merge('a', 'b', 256),
                        new Merge(256, 'c', 258),
                        new Merge('b', 'c', 257),
                        new Merge('a', 257, 258)),
                SplitPattern.GPT_4,
                new SpecialTokens(java.util.Map.of()),
                false);
        assertArrayEquals(new int[] {258}, tokenizer.encode("abc"));
    }

    static List<byte[]> withBytes(String... tokens) {
        List<byte[]> all = new java.util.ArrayList<>();
        for (int value = 0; value < 256; value++) {
            all.add(new byte[] {(byte) value});
        }
        for (String token : tokens) {
            all.add(Utf8.encode(token));
        }
        return all;
    }

    @Test
    void trainingMayGoOnAfterwards() {
        BpeTrainer trainer = new BpeTrainer(BpeConfig.of(300));
        trainer.add("abab");
        String once = trainer.train().fingerprint();
        assertEquals(once, trainer.train().fingerprint());
        trainer.add("xyxyxyxyxy");
        assertEquals("xy", token(trainer.train(), 256));
        assertEquals(14, trainer.bytes());
        assertEquals(2, trainer.distinctPieces());
    }

    @Test
    void aConfigurationThatCannotBeIsRefused() {
        String small = assertThrows(IllegalArgumentException.class, () -> BpeConfig.of(256))
                .getMessage();
        assertTrue(small.contains("256") && small.contains("at least 257"), small);
        assertThrows(IllegalArgumentException.class, () -> BpeConfig.of(300).withMinimumFrequency(0));
        assertThrows(IllegalArgumentException.class, () -> BpeConfig.of(300).withSpecialTokens(List.of("<a>", "<a>")));
    }

    /// The table in the description of the package.
    @Test
    void theWorkedExampleIsWhatTheTrainerDoes() {
        BpeConfig config = new BpeConfig(261, SplitPattern.of("[^ ]+"), 1, List.of());
        String text = "low ".repeat(5) + "lower ".repeat(2) + "newest ".repeat(6) + "widest ".repeat(3);
        Tokenizer tokenizer = train(config, text);
        assertEquals(
                List.of("es", "est", "lo", "low", "ew"),
                java.util.stream.IntStream.range(256, 261)
                        .mapToObj(id -> token(tokenizer, id))
                        .toList());
        assertArrayEquals(new int[] {259, 257}, tokenizer.encode("lowest"));
        assertArrayEquals(new int[] {'n', 260, 257}, tokenizer.encode("newest"));
    }
}
