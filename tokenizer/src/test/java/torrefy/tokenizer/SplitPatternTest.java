package torrefy.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SplitPatternTest {

    static List<byte[]> pieces(SplitPattern pattern, byte[] text) {
        List<byte[]> pieces = new ArrayList<>();
        pattern.split(
                text,
                0,
                text.length,
                (bytes, from, count) -> pieces.add(Arrays.copyOfRange(bytes, from, from + count)));
        return pieces;
    }

    private static List<String> pieces(SplitPattern pattern, String text) {
        return pieces(pattern, Utf8.encode(text)).stream()
                .map(piece -> new String(piece, StandardCharsets.UTF_8))
                .toList();
    }

    /// 304 texts of Unicode white space, contractions, digits of several scripts, marks and emoji. The pieces come
    /// from Python's regex 2026.9.29 with the patterns as tiktoken publishes them (`make_golden.py`).
    @Test
    void piecesAreThoseOfThePublishedPatterns() throws IOException {
        List<JsonValue> cases = Golden.json("split-patterns.json").list();
        assertEquals(304, cases.size());
        for (JsonValue one : cases) {
            String text = one.get("text").string();
            assertEquals(strings(one.get("GPT_2")), pieces(SplitPattern.GPT_2, text), text);
            assertEquals(strings(one.get("GPT_4")), pieces(SplitPattern.GPT_4, text), text);
        }
    }

    private static List<String> strings(JsonValue list) {
        return list.list().stream().map(JsonValue::string).toList();
    }

    @Property(tries = 500)
    void piecesOfAnyBytesPutTogetherAreTheBytes(@ForAll byte[] text) {
        for (SplitPattern pattern : List.of(SplitPattern.GPT_2, SplitPattern.GPT_4, SplitPattern.of("[a-z]*"))) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (byte[] piece : pieces(pattern, text)) {
                assertTrue(piece.length > 0);
                all.writeBytes(piece);
            }
            assertArrayEquals(text, all.toByteArray());
        }
    }

    @Test
    void aByteOutsideUtf8IsAPieceOfItsOwn() {
        byte[] text = {'a', 'b', (byte) 0xFF, (byte) 0xC3, 'c', (byte) 0xE2, (byte) 0x82};
        List<byte[]> pieces = pieces(SplitPattern.GPT_4, text);
        assertEquals(6, pieces.size());
        assertArrayEquals(new byte[] {'a', 'b'}, pieces.get(0));
        assertArrayEquals(new byte[] {(byte) 0xFF}, pieces.get(1));
        assertArrayEquals(new byte[] {'c'}, pieces.get(3));
        assertArrayEquals(new byte[] {(byte) 0x82}, pieces.get(5));
    }

    @Test
    void whatAPatternOfOnesOwnDoesNotMatchIsAPieceToo() {
        assertEquals(List.of("12", "ab", "3", "é"), pieces(SplitPattern.of("[0-9]+"), "12ab3é"));
        assertEquals(List.of("é", "1", "é"), pieces(SplitPattern.of("[0-9]*"), "é1é"));
    }

    @Test
    void longRunsDoNotOverflowTheStack() {
        for (String unit : List.of("a", " ", "\n", "1", "!", "é", "😀", " \n")) {
            String text = unit.repeat(200_000);
            for (SplitPattern pattern : List.of(SplitPattern.GPT_2, SplitPattern.GPT_4)) {
                assertEquals(text, String.join("", pieces(pattern, text)));
            }
        }
    }

    @Test
    void aBrokenPatternIsRefusedWithThePlace() {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> SplitPattern.of("a(b"));
        assertTrue(refused.getMessage().contains("not a regular expression"), refused.getMessage());
        assertTrue(refused.getMessage().contains("a(b"), refused.getMessage());
    }

    /// Both take exponential time, or a stack frame for each character.
    @Test
    void aPatternThatDoesNotComeToAnEndIsStoppedAndNamed() {
        String backtracks = assertThrows(
                        IllegalArgumentException.class,
                        () -> pieces(SplitPattern.of("(?:(a+)\\1?)+b"), "a".repeat(100)))
                .getMessage();
        assertTrue(backtracks.contains("(?:(a+)\\1?)+b backtracks without end"), backtracks);
        String deep = assertThrows(
                        IllegalArgumentException.class,
                        () -> pieces(SplitPattern.of("(?:a|b)*c"), "a".repeat(1_000_000)))
                .getMessage();
        assertTrue(deep.contains("(?:a|b)*c"), deep);
        assertEquals(List.of("ab", " ", "c"), pieces(SplitPattern.of("\\S+"), "ab c"));
    }

    /// The pieces of GPT-4o's pattern are not in the golden file: Java's own engine runs it here.
    @Test
    void gpt4oCutsWordsBeforeCapitalsAndKeepsContractions() {
        assertEquals(
                List.of("HTTPServer", "Io", "Exception", " don't", " O", "'Neill's", "\n\n"),
                pieces(SplitPattern.GPT_4O, "HTTPServerIoException don't O'Neill's\n\n"));
    }

    @Test
    void aForeignPatternWithTheEdgeOfALineIsRefusedUnlessItIsKnown() {
        String published =
                "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}{1,3}+| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+"
                        + "|\\s++$|\\s*[\\r\\n]|\\s+(?!\\S)|\\s";
        String text = "it's  1234\n\n x  \n ";
        assertEquals(pieces(SplitPattern.GPT_4, text), pieces(SplitPattern.ofFile(published), text));
        for (String regex : List.of("\\s+$|.", "^a|b")) {
            String why = assertThrows(IllegalArgumentException.class, () -> SplitPattern.ofFile(regex))
                    .getMessage();
            assertTrue(why.contains(regex), why);
        }
        assertEquals("[^a]+|\\$|\\^", SplitPattern.ofFile("[^a]+|\\$|\\^").regex());
    }
}
