package torrefy.tokenizer.corpus.dedup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import torrefy.tokenizer.corpus.filter.TextView;
import torrefy.tokenizer.corpus.read.TextForm;

class MinHashTest {

    /// Shingles of one word: then the Jaccard similarity of two texts is that of their sets of words, and can be
    /// chosen.
    private static final MinHash OF_WORDS = new MinHash(1, 14, 8);

    private static TextView view(String text) {
        return new TextView(text, TextForm.PROSE);
    }

    /// Two signatures of texts that share `shared` words, and have `own` of their own each: s = shared / (shared + 2
    /// own).
    private static int[][] pair(int number, int shared, int own) {
        StringBuilder a = new StringBuilder();
        StringBuilder b = new StringBuilder();
        for (int i = 0; i < shared; i++) {
            a.append("s").append(number).append("x").append(i).append(' ');
            b.append("s").append(number).append("x").append(i).append(' ');
        }
        for (int i = 0; i < own; i++) {
            a.append("a").append(number).append("x").append(i).append(' ');
            b.append("b").append(number).append("x").append(i).append(' ');
        }
        return new int[][] {OF_WORDS.signature(view(a.toString())), OF_WORDS.signature(view(b.toString()))};
    }

    private static boolean meet(int[][] pair) {
        for (int band = 0; band < OF_WORDS.bands(); band++) {
            if (OF_WORDS.bandHash(pair[0], band) == OF_WORDS.bandHash(pair[1], band)) {
                return true;
            }
        }
        return false;
    }

    /// Over n pairs, the share that meets in a band has a standard deviation of √(p(1 − p)/n); four of them are
    /// allowed, and the mean of the estimates may be off by four of √(s(1 − s)/112/n).
    @Test
    void pairsMeetAsOftenAsTheFormulaSays() {
        int pairs = 2000;
        for (int[] sizes : new int[][] {{40, 20}, {60, 20}, {80, 20}, {80, 10}, {85, 7}}) {
            double s = (double) sizes[0] / (sizes[0] + 2 * sizes[1]);
            int met = 0;
            double estimates = 0;
            for (int i = 0; i < pairs; i++) {
                int[][] pair = pair(i, sizes[0], sizes[1]);
                met += meet(pair) ? 1 : 0;
                estimates += MinHash.similarity(pair[0], pair[1]);
            }
            double p = OF_WORDS.collisionProbability(s);
            assertEquals(p, (double) met / pairs, 4 * Math.sqrt(p * (1 - p) / pairs) + 1e-3, "meeting at " + s);
            assertEquals(s, estimates / pairs, 4 * Math.sqrt(s * (1 - s) / 112 / pairs), "estimate at " + s);
        }
    }

    @Test
    void theCurveIsTheOneInTheTable() {
        double[][] table = {
            {0.5, 0.053}, {0.6, 0.211}, {0.7, 0.565}, {0.75, 0.772}, {0.8, 0.924}, {0.85, 0.988}, {0.9, 0.9996}
        };
        for (double[] row : table) {
            assertEquals(row[1], MinHash.standard().collisionProbability(row[0]), 6e-4);
        }
    }

    @Test
    void caseAndPunctuationDoNotCountAndOrderDoes() {
        MinHash hash = MinHash.standard();
        int[] plain = hash.signature(view("the quick brown fox jumps over the lazy dog"));
        assertArrayEquals(plain, hash.signature(view("The quick, brown fox\njumps over the lazy dog.")));
        int[] other = hash.signature(view("dog lazy the over jumps fox brown quick the"));
        assertTrue(MinHash.similarity(plain, other) < 0.2);
        assertEquals(1, MinHash.similarity(hash.signature(view("two words")), hash.signature(view("Two words!"))));
        assertEquals(112, hash.signature(view("")).length);
    }

    @Test
    void impossibleSettingsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new MinHash(0, 14, 8));
        assertThrows(IllegalArgumentException.class, () -> new MinHash(5, 1000, 1000));
    }
}
