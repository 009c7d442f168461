package torrefy.tokenizer.corpus.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import torrefy.tokenizer.corpus.read.TextForm;

class NGramsTest {

    private static NGrams of(String text) {
        TextView view = new TextView(text, TextForm.PROSE);
        return new NGrams(view, 0, view.words());
    }

    @Test
    void noTopNGramCoversMoreThanItsBound() {
        Random random = new Random(7);
        for (int round = 0; round < 500; round++) {
            int vocabulary = 1 + random.nextInt(20);
            int longest = 1 + random.nextInt(100);
            String text = IntStream.range(0, 1 + random.nextInt(200))
                    .map(i -> random.nextInt(vocabulary))
                    .mapToObj(word -> Character.toString('a' + word).repeat(1 + word * longest / vocabulary))
                    .collect(Collectors.joining(" "));
            NGrams grams = of(text);
            for (int n = 2; n < 5; n++) {
                assertTrue(grams.shareOfTop(n) <= grams.mostOfTop(n), n + "-grams of " + text);
            }
        }
    }

    @Test
    void theBoundIsTheShareOfTheLongestWords() {
        // "of the" stands there twice, so pairs cover four words at most: 9, 6, 3 and 3 of 34 characters.
        NGrams grams = of("of the a of the b of incunable c volume d e f g");
        assertEquals(21.0 / 34, grams.mostOfTop(2));
        assertEquals(10.0 / 34, grams.shareOfTop(2));
        assertEquals(0, of("no pair of words stands here twice").mostOfTop(2));
    }
}
