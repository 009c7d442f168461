package torrefy.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenizerTest {

    /// Tokens 256 `ab`, 257 `abc`, then the special ones.
    private static Tokenizer tokenizer(boolean wholePieces, String... special) {
        List<byte[]> tokens = BpeTrainerTest.withBytes("ab", "abc");
        Map<String, Integer> ids = new HashMap<>();
        for (String name : special) {
            ids.put(name, tokens.size());
            tokens.add(Utf8.encode(name));
        }
        return new Tokenizer(
                new Vocabulary(tokens),
                List.of(new Merge('a', 'b', 256)),
                SplitPattern.GPT_4,
                new SpecialTokens(ids),
                wholePieces);
    }

    @Test
    void onlyAllowedSpecialTokensAreRecognized() {
        Tokenizer tokenizer = tokenizer(false, "<|endoftext|>", "<|pad|>");
        int[] plain = tokenizer.encode("ab<|pad|>");
        assertTrue(Arrays.stream(plain).allMatch(token -> token < 258));
        assertArrayEquals(new int[] {256, 259, 'x'}, tokenizer.encode("ab<|pad|>x", Set.of("<|pad|>")));
        assertArrayEquals(
                IntStream.concat(IntStream.of(259), Arrays.stream(tokenizer.encode("<|endoftext|>")))
                        .toArray(),
                tokenizer.encode("<|pad|><|endoftext|>", Set.of("<|pad|>")));
        assertArrayEquals(
                new int[] {258, 258},
                tokenizer.encode(
                        "<|endoftext|><|endoftext|>", tokenizer.specialTokens().names()));
        assertEquals("<|endoftext|>", tokenizer.decodeText(258));
    }

    @Test
    void theLongestOfSeveralSpecialTokensIsFound() {
        Tokenizer tokenizer = tokenizer(false, "<a>", "<a><b>", "<a><b><c>");
        assertArrayEquals(
                new int[] {260, 259, 258},
                tokenizer.encode("<a><b><c><a><b><a>", tokenizer.specialTokens().names()));
        assertArrayEquals(new int[] {258, '<', 'b', '>'}, tokenizer.encode("<a><b>", Set.of("<a>")));
    }

    @Test
    void allowingWhatIsNoSpecialTokenIsRefused() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> tokenizer(false, "<|pad|>").encode("x", Set.of("<|pda|>")));
        assertTrue(refused.getMessage().contains("<|pda|>"), refused.getMessage());
        assertTrue(refused.getMessage().contains("<|pad|>"), refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> tokenizer(false).endOfText());
    }

    @Test
    void aPieceThatIsATokenIsThatTokenOnlyIfSoConfigured() {
        assertArrayEquals(new int[] {256, 'c'}, tokenizer(false).encode("abc"));
        assertArrayEquals(new int[] {257}, tokenizer(true).encode("abc"));
        assertArrayEquals(new int[] {'x', 'y'}, tokenizer(true, "xy").encode("xy"));
    }

    @Test
    void aTokenOutsideTheVocabularyIsRefusedWithItsPlace() {
        Tokenizer tokenizer = tokenizer(false);
        for (int wrong : new int[] {-1, 258, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            IllegalArgumentException refused =
                    assertThrows(IllegalArgumentException.class, () -> tokenizer.decode('a', 'b', wrong));
            assertEquals(
                    "decode: token " + wrong + " at position 2 is outside the vocabulary of 258", refused.getMessage());
        }
    }

    @Test
    void nothingIsEncodedAsNothing() {
        assertEquals(0, tokenizer(false).encode("").length);
        assertEquals(0, tokenizer(false).encode(new byte[0]).length);
        assertEquals(0, tokenizer(false).decode().length);
    }

    /// A million letters without a space: minutes if the merging were quadratic.
    @Test
    void oneVeryLongPieceIsEncoded() {
        Tokenizer tokenizer = tokenizer(false);
        int[] tokens = tokenizer.encode("ab".repeat(500_000));
        assertEquals(500_000, tokens.length);
        assertTrue(Arrays.stream(tokens).allMatch(token -> token == 256));
    }

    /// More different words than are remembered, each twice, so that the second is found where the first was put.
    @Test
    void forgettingPiecesChangesNothing() {
        Tokenizer tokenizer = tokenizer(false);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 150_000; i++) {
            String word = " " + letter(i) + letter(i / 26) + letter(i / 676) + letter(i / 17_576);
            text.append(word).append('.').append(word).append('.');
        }
        assertEquals(text.toString(), tokenizer.decodeText(tokenizer.encode(text)));
    }

    private static char letter(int number) {
        return (char) ('a' + number % 26);
    }

    @Test
    void partsThatDoNotAgreeAreRefused() {
        Vocabulary vocabulary = new Vocabulary(BpeTrainerTest.withBytes("ab"));
        SpecialTokens none = new SpecialTokens(Map.of());
        refused("merge 0", vocabulary, List.of(new Merge('a', 'c', 256)), none);
        refused("twice", vocabulary, List.of(new Merge('a', 'b', 256), new Merge('a', 'b', 256)), none);
        refused("<x>", vocabulary, List.of(), new SpecialTokens(Map.of("<x>", 256)));
        refused("special", vocabulary, List.of(new Merge('a', 'b', 256)), new SpecialTokens(Map.of("ab", 256)));
        refused("single byte", vocabulary, List.of(), new SpecialTokens(Map.of("a", 97)));
        refused("byte 0", new Vocabulary(List.of(new byte[] {1})), List.of(), none);
        assertThrows(IllegalArgumentException.class, () -> new Vocabulary(List.of(new byte[0])));
        assertThrows(IllegalArgumentException.class, () -> new Vocabulary(List.of(new byte[1], new byte[1])));
    }

    private static void refused(String why, Vocabulary vocabulary, List<Merge> merges, SpecialTokens special) {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> new Tokenizer(vocabulary, merges, SplitPattern.GPT_4, special, false));
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
    }

    @Test
    void theFingerprintSeesWhatChangesTheEncoding() {
        assertEquals(tokenizer(false).fingerprint(), tokenizer(false).fingerprint());
        assertNotEquals(tokenizer(false).fingerprint(), tokenizer(true).fingerprint());
        assertNotEquals(
                tokenizer(false).fingerprint(), tokenizer(false, "<|pad|>").fingerprint());
        assertEquals(64, tokenizer(false).fingerprint().length());
    }

    @Test
    void severalThreadsMayEncodeAtOnce() {
        Tokenizer tokenizer = tokenizer(false);
        List<int[]> results = IntStream.range(0, 200)
                .parallel()
                .mapToObj(i -> tokenizer.encode("ab cab " + i % 7))
                .toList();
        for (int i = 0; i < results.size(); i++) {
            assertEquals("ab cab " + i % 7, tokenizer.decodeText(results.get(i)));
        }
    }

    @Test
    void aRefusedSpecialTokenInTheTextIsNamedWithItsPlace() {
        Tokenizer tokenizer = new Tokenizer(
                new Vocabulary(BpeTrainerTest.withBytes("<|a|>", "<|a|>b", "<|c|>")),
                List.of(),
                SplitPattern.GPT_4,
                new SpecialTokens(Map.of("<|a|>", 256, "<|a|>b", 257, "<|c|>", 258)),
                false);
        assertArrayEquals(
                new int[] {'x', 257, 256},
                tokenizer.encode("x<|a|>b<|a|>", Set.of("<|a|>", "<|a|>b"), Set.of("<|c|>")));
        String why = assertThrows(
                        IllegalArgumentException.class,
                        () -> tokenizer.encode("xy<|c|>", Set.of("<|a|>"), Set.of("<|c|>")))
                .getMessage();
        assertTrue(why.contains("<|c|>") && why.contains("at character 2"), why);
        assertThrows(IllegalArgumentException.class, () -> tokenizer.encode("x", Set.of("<|a|>"), Set.of("<|a|>")));
        assertThrows(IllegalArgumentException.class, () -> new SpecialTokens(Map.of("<|a|>", 1, "<|b|>", 1)));
    }

    @Test
    void unpairedSurrogatesBecomeReplacementCharacters() {
        Tokenizer tokenizer = new Tokenizer(
                new Vocabulary(BpeTrainerTest.withBytes()),
                List.of(),
                SplitPattern.GPT_4,
                new SpecialTokens(Map.of()),
                false);
        assertEquals("a\ufffdb\ufffd", tokenizer.decodeText(tokenizer.encode("a\ud83db\ude00")));
        assertEquals("\ufffd\ud83d\ude00", tokenizer.decodeText(tokenizer.encode("\ud83d\ud83d\ude00")));
    }

    @Test
    void tokensAreShownWithTheirBytesWhereTheyAreNoText() {
        Tokenizer tokenizer = new Tokenizer(
                new Vocabulary(withBroken()), List.of(), SplitPattern.GPT_4, new SpecialTokens(Map.of()), false);
        assertEquals("a", tokenizer.display('a'));
        assertEquals("‹E2›", tokenizer.display(0xE2));
        assertEquals("‹0A 09›", tokenizer.display(256));
        assertEquals("›‹FF›", tokenizer.display(258));
        assertEquals("é a", tokenizer.display(257));
        assertArrayEquals(new int[] {0, 1, 3, 7}, tokenizer.offsets('a', 256, 257));
        assertThrows(IllegalArgumentException.class, () -> tokenizer.offsets(300));
    }

    /// The third one is a character that stands for itself and a byte that does not.
    private static List<byte[]> withBroken() {
        List<byte[]> tokens = BpeTrainerTest.withBytes("\n\t", "é a");
        tokens.add(new byte[] {(byte) 0xE2, (byte) 0x80, (byte) 0xBA, (byte) 0xFF});
        return tokens;
    }
}
