package torrefy.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// The scanners find the pieces that the regular expression finds: after every code point, and in texts made of all
/// that the patterns tell apart.
class PieceScannerProperties {

    private static final List<String> PATTERNS = List.of(
            SplitPattern.GPT_2.regex(),
            SplitPattern.GPT_4.regex(),
            SplitPattern.GPT_4O.regex(),
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
                    + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
                    + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");

    private static void assertSamePieces(String text) {
        byte[] bytes = Utf8.encode(text);
        for (String regex : PATTERNS) {
            List<String> expected = new ArrayList<>();
            SplitPattern.byEngine(regex)
                    .split(
                            bytes,
                            0,
                            bytes.length,
                            (of, from, count) -> expected.add(new String(of, from, count, StandardCharsets.UTF_8)));
            List<String> found = new ArrayList<>();
            SplitPattern.of(regex)
                    .split(
                            bytes,
                            0,
                            bytes.length,
                            (of, from, count) -> found.add(new String(of, from, count, StandardCharsets.UTF_8)));
            assertEquals(expected, found, () -> regex + " on " + text);
        }
    }

    /// Alone, before and after what could be joined to it.
    @Example
    void everyCodePointIsClassifiedAsTheRegularExpressionDoes() {
        StringBuilder text = new StringBuilder();
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                continue;
            }
            String one = Character.toString(codePoint);
            for (String around : List.of("a", "B", "1", " ", "\n", "!", "\u0301", "'", "\u02b0")) {
                text.append(around).append(one);
            }
            text.append('\'').append(one).append('x');
            if (text.length() > 10_000) {
                assertSamePieces(text.toString());
                text.setLength(0);
            }
        }
        assertSamePieces(text.toString());
    }

    @Property(tries = 5_000)
    void anyTextHasTheSamePieces(@ForAll("texts") String text) {
        assertSamePieces(text);
    }

    /// One or more of every class, and what only some of the patterns know: the long s, the Kelvin sign, letters in
    /// title case, Roman numerals, digits outside ASCII, white space of many kinds, joined emoji.
    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of(
                        "a",
                        "b",
                        "s",
                        "S",
                        "t",
                        "re",
                        "VE",
                        "Ll",
                        "d",
                        "'",
                        "'s",
                        "'S",
                        "'\u017f",
                        "'re",
                        "'LL",
                        "\u2019s",
                        "\u017f",
                        "\u212a",
                        "A",
                        "Z",
                        "\u01c5",
                        "\u01f2",
                        "\u02b0",
                        "\u05d0",
                        "\u4e2d",
                        "\u0301",
                        "\u0903",
                        "\u20dd",
                        "1",
                        "23",
                        "456789",
                        "\u0663",
                        "\u2167",
                        "\u00bd",
                        " ",
                        "  ",
                        "\t",
                        "\n",
                        "\r\n",
                        "\r",
                        "\u000b",
                        "\u0085",
                        "\u00a0",
                        "\u2003",
                        "\u2028",
                        "\u3000",
                        "\u200b",
                        "\ufeff",
                        ".",
                        "/",
                        "//",
                        "-",
                        "_",
                        "$",
                        "\u20ac",
                        "\u0000",
                        "\u001c",
                        "\u00ad",
                        "\ud83d\ude00",
                        "\ud83d\udc69\u200d\ud83d\ude80",
                        "\ud835\udc00",
                        "\ud835\udc1a",
                        "\u00e9",
                        "\u00c9",
                        "\ue000",
                        "\u0378")
                .list()
                .ofMaxSize(24)
                .map(parts -> String.join("", parts));
    }

    /// Pieces do not change where the text is cut.
    @Property(tries = 2_000)
    void aCutChangesNoPiece(@ForAll("texts") String text) {
        byte[] bytes = Utf8.encode(text);
        for (String regex : PATTERNS) {
            SplitPattern pattern = SplitPattern.of(regex);
            for (int cut = pattern.lastCut(bytes, 0, bytes.length); cut > 0; cut = pattern.lastCut(bytes, 0, cut)) {
                List<Integer> whole = new ArrayList<>();
                pattern.split(bytes, 0, bytes.length, (of, from, count) -> whole.add(from));
                List<Integer> parts = new ArrayList<>();
                pattern.split(bytes, 0, cut, (of, from, count) -> parts.add(from));
                pattern.split(bytes, cut, bytes.length, (of, from, count) -> parts.add(from));
                assertEquals(whole, parts, regex);
            }
        }
    }
}
