package torrefy.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.Character.UnicodeScript;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TokenUseTest {

    /// Tokens 256 to 258; the last is dead: `b c` is merged first, then nothing joins `a` and `bc`.
    private static final Tokenizer TOKENIZER = new Tokenizer(
            new Vocabulary(BpeTrainerTest.withBytes("bc", "ab", "abc", "<|end|>")),
            List.of(new Merge('b', 'c', 256), new Merge('a', 'b', 257), new Merge(257, 'c', 258)),
            SplitPattern.GPT_4,
            new SpecialTokens(Map.of("<|end|>", 259)),
            false);

    private static TokenUse of(String... texts) {
        TokenUse use = new TokenUse(TOKENIZER);
        for (String text : texts) {
            use.add(Utf8.encode(text));
        }
        return use;
    }

    @Test
    void countsTokensAndBytesOverAllTexts() {
        TokenUse use = of("abc ab", "bc");
        // a bc, space a b -> space ab, bc
        assertEquals(new TokenUse.Share(8, 5), use.total());
        assertEquals(1.6, use.total().bytesPerToken(), 1e-12);
        assertEquals(2, use.count(256));
        assertEquals(1, use.count(257));
        assertEquals(0.4, use.singleByteShare(), 1e-12);
        assertArrayEquals(new long[] {0, 2, 3, 0}, use.lengths(2));
        assertArrayEquals(new long[] {0, 2, 3}, use.lengths(1));
    }

    @Test
    void tokensThatNoTextHasAreDeadAndSpecialOnesAreNeither() {
        TokenUse use = of("abc");
        assertArrayEquals(new int[] {258}, use.dead().toArray());
        assertEquals(256 + 3 - 2, use.unused().count());
        assertEquals(List.of(258, 256, 257), use.longest(3));
    }

    /// A token of one byte belongs to the script of the character that the byte is part of.
    @Test
    void textIsDividedByTheScriptOfItsLetters() {
        TokenUse use = of("ab д1日");
        assertEquals(
                Map.of(
                        UnicodeScript.LATIN, new TokenUse.Share(2, 1),
                        UnicodeScript.COMMON, new TokenUse.Share(2, 2),
                        UnicodeScript.CYRILLIC, new TokenUse.Share(2, 2),
                        UnicodeScript.HAN, new TokenUse.Share(3, 3)),
                use.byScript());
    }
}
