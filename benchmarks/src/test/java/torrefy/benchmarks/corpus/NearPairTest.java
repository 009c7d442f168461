package torrefy.benchmarks.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import torrefy.tokenizer.corpus.filter.TextView;
import torrefy.tokenizer.corpus.read.TextForm;

class NearPairTest {

    /// 900 words out of 3000, made of letters, those of low numbers more often.
    private static String text(int seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 900; i++) {
            int number = (int) (3000 * Math.pow(random.nextDouble(), 2));
            text.append((char) ('a' + number / 256)).append((char) ('a' + number / 16 % 16));
            text.append((char) ('a' + number % 16));
            text.append(i % 10 == 9 ? ".\n" : " ");
        }
        return text.toString();
    }

    private static WordExchange exchange() {
        WordExchange exchange = new WordExchange();
        for (int seed = 0; seed < 20; seed++) {
            exchange.learn(text(seed));
        }
        exchange.finish();
        return exchange;
    }

    private static Shingles shingles(String text) {
        return Shingles.of(new TextView(text, TextForm.PROSE));
    }

    @Test
    void similarityIsTheShareOfCommonShingles() {
        Shingles nine = shingles("one two three four five six seven eight nine");
        assertEquals(4.0 / 6, nine.similarity(shingles("One two three, four five six seven eight ten")), 1e-12);
        assertEquals(1, nine.similarity(nine), 0);
        assertEquals(0, nine.similarity(shingles("nine eight seven six five four three two one")), 0);
    }

    @ParameterizedTest
    @CsvSource({"0.85, 4", "0.85, 5", "0.5, 4", "0.5, 5"})
    void aPairIsAsSimilarAsItShallBe(double similarity, long seed) {
        NearPair pair = NearPair.of(text(1), TextForm.PROSE, similarity, exchange(), seed)
                .orElseThrow();
        assertEquals(text(1), pair.first());
        double reached = shingles(pair.first()).similarity(shingles(pair.second()));
        assertEquals(pair.similarity(), reached, 0);
        assertEquals(similarity, reached, NearPair.TOLERANCE);
    }

    @Test
    void aWordIsExchangedEverywhereForTheSameOne() {
        String before = text(1);
        String after = exchange().exchange(before, 7);
        String[] words = before.split("\\W+");
        String[] others = after.split("\\W+");
        assertEquals(words.length, others.length);
        Map<String, String> exchanged = new HashMap<>();
        Map<String, String> back = new HashMap<>();
        for (int i = 0; i < words.length; i++) {
            exchanged.putIfAbsent(words[i], others[i]);
            back.putIfAbsent(others[i], words[i]);
            assertEquals(exchanged.get(words[i]), others[i]);
            assertEquals(back.get(others[i]), words[i]);
        }
        assertTrue(shingles(before).similarity(shingles(after)) < 0.1);
    }
}
