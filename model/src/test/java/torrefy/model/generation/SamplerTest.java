package torrefy.model.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SamplerTest {

    private static final float MINUS_INFINITY = Float.NEGATIVE_INFINITY;

    /// Logits with the probabilities 0.5, 0.25, 0.125, 0.125 for tokens 2, 0, 1, 3.
    private static final float[] HALVES = logits(0.25, 0.125, 0.5, 0.125);

    private static float[] logits(double... probabilities) {
        float[] logits = new float[probabilities.length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) Math.log(probabilities[i]) + 3;
        }
        return logits;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.3, 0.999_999_9})
    void temperatureZeroTakesTheLikeliest(double uniform) {
        assertEquals(2, Sampler.greedy().draw(HALVES, uniform));
        assertEquals(2, new Sampler(0, 3, 0.9).draw(HALVES, uniform));
        assertEquals(1, Sampler.greedy().draw(new float[] {-2, 7, 7, 7}, uniform), "of equal scores the lower id");
        assertEquals(0, Sampler.greedy().draw(new float[] {-0f, 0f}, uniform), "-0 and 0 are equal");
    }

    /// Tokens are passed in order of rank: 2, 0, 1, 3. Of 1 and 3, equally likely, the lower id comes first.
    @ParameterizedTest
    @CsvSource({"0, 2", "0.49, 2", "0.51, 0", "0.74, 0", "0.76, 1", "0.87, 1", "0.88, 3", "0.9999999, 3"})
    void aUniformNumberPicksByRank(double uniform, int expected) {
        assertEquals(expected, new Sampler(1, 0, 1).draw(HALVES, uniform));
    }

    /// At temperature 1/2 probabilities are squared: 1/4, 1/16, 1/64, 1/64 of a whole of 11/32.
    @ParameterizedTest
    @CsvSource({"0.72, 2", "0.73, 0", "0.90, 0", "0.92, 1", "0.954, 1", "0.956, 3"})
    void temperatureSharpens(double uniform, int expected) {
        assertEquals(expected, new Sampler(0.5, 0, 1).draw(HALVES, uniform));
    }

    @Test
    void topKKeepsTheKLikeliest() {
        assertEquals(Set.of(2), drawn(new Sampler(1, 1, 1), HALVES));
        assertEquals(Set.of(0, 2), drawn(new Sampler(1, 2, 1), HALVES));
        assertEquals(Set.of(0, 1, 2), drawn(new Sampler(1, 3, 1), HALVES), "of 1 and 3 the lower id");
        assertEquals(Set.of(0, 1, 2, 3), drawn(new Sampler(1, 4, 1), HALVES));
        assertEquals(Set.of(0, 1, 2, 3), drawn(new Sampler(1, 1000, 1), HALVES));
    }

    /// Thresholds between the sums 0.5, 0.75, 0.875 and 1; on a sum the fewest tokens that reach it are kept, and 0.5
    /// and its like are exact in these logits' weights, which are powers of two to within rounding.
    @Test
    void topPKeepsTheFewestThatHoldIt() {
        assertEquals(Set.of(2), drawn(new Sampler(1, 0, 1e-9), HALVES));
        assertEquals(Set.of(2), drawn(new Sampler(1, 0, 0.499), HALVES));
        assertEquals(Set.of(0, 2), drawn(new Sampler(1, 0, 0.501), HALVES));
        assertEquals(Set.of(0, 2), drawn(new Sampler(1, 0, 0.749), HALVES));
        assertEquals(Set.of(0, 1, 2), drawn(new Sampler(1, 0, 0.751), HALVES));
        assertEquals(Set.of(0, 1, 2, 3), drawn(new Sampler(1, 0, 0.876), HALVES));
        assertEquals(Set.of(0, 1, 2, 3), drawn(new Sampler(1, 0, 1), HALVES));
    }

    /// After top-k 2 the two left have 2/3 and 1/3.
    @Test
    void topPIsTheShareOfWhatTopKLeft() {
        assertEquals(Set.of(2), drawn(new Sampler(1, 2, 0.66), HALVES));
        assertEquals(Set.of(0, 2), drawn(new Sampler(1, 2, 0.67), HALVES));
        assertEquals(2, new Sampler(1, 2, 1).draw(HALVES, 0.666));
        assertEquals(0, new Sampler(1, 2, 1).draw(HALVES, 0.667));
    }

    /// The likeliest has 0.5: a quarter of that is 0.125, which the last two have to within rounding.
    @Test
    void minPKeepsThoseOfItsShareOfTheLikeliest() {
        assertEquals(Set.of(2), drawn(new Sampler(1, 0, 1).withMinP(1), HALVES));
        assertEquals(Set.of(2), drawn(new Sampler(1, 0, 1).withMinP(0.501), HALVES));
        assertEquals(Set.of(0, 2), drawn(new Sampler(1, 0, 1).withMinP(0.499), HALVES));
        assertEquals(Set.of(0, 1, 2, 3), drawn(new Sampler(1, 0, 1).withMinP(0.249), HALVES));
        assertEquals(Set.of(0, 2), drawn(new Sampler(0.5, 0, 1).withMinP(0.249), HALVES), "the shares are squared");
        assertEquals(Set.of(2), drawn(new Sampler(1, 0, 0.4).withMinP(0.1), HALVES), "what top-p left");
        assertEquals(2, new Sampler(1, 0, 1).withMinP(0.4).draw(HALVES, 0.666), "2/3 and 1/3 are left");
        assertEquals(0, new Sampler(1, 0, 1).withMinP(0.4).draw(HALVES, 0.667));
    }

    /// Scores above 0 are divided, those below multiplied: 4 and −1 become 2 and −2.
    @Test
    void theRepetitionPenaltyMakesWhatWasSeenLessLikely() {
        float[] scores = {4, 3, -1, -1.5f};
        Sampler sampler = Sampler.greedy().withRepetitionPenalty(2);
        assertEquals(0, sampler.draw(scores, BitSet.valueOf(new long[] {0b0000}), 0));
        assertEquals(1, sampler.draw(scores, BitSet.valueOf(new long[] {0b0001}), 0));
        assertEquals(0, sampler.draw(scores, BitSet.valueOf(new long[] {0b0011}), 0), "both are halved");
        assertEquals(3, sampler.draw(new float[] {-9, -9, -1, -1.5f}, BitSet.valueOf(new long[] {0b0100}), 0));
        assertEquals(0, Sampler.greedy().draw(scores, BitSet.valueOf(new long[] {0b0001}), 0), "1 changes nothing");
        assertEquals(4, scores[0], "the scores are the caller's");
        // Before the temperature: exp((2 − 3)/0.5) : 1, not exp((4/0.5)/2 − 3/0.5) : 1.
        double second = Math.exp(-2) / (1 + Math.exp(-2));
        Sampler warm = new Sampler(0.5, 2, 1).withRepetitionPenalty(2);
        assertEquals(1, warm.draw(scores, BitSet.valueOf(new long[] {0b0001}), 1 - second - 1e-6));
        assertEquals(0, warm.draw(scores, BitSet.valueOf(new long[] {0b0001}), 1 - second + 1e-6));
    }

    private static Set<Integer> drawn(Sampler sampler, float[] logits) {
        Set<Integer> tokens = new TreeSet<>();
        for (int i = 0; i < 1000; i++) {
            tokens.add(sampler.draw(logits, i / 1000.0));
        }
        return tokens;
    }

    /// Counts over 20,000 draws are binomial: five deviations are missed about once in a million.
    @ParameterizedTest
    @CsvSource({"1, 0, 1", "0.7, 0, 1", "1.5, 13, 1", "1, 0, 0.8", "0.9, 20, 0.9"})
    void frequenciesAreTheProbabilities(double temperature, int topK, double topP) {
        Random random = new Random(1);
        float[] logits = new float[31];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) (2 * random.nextGaussian());
        }
        double[] expected = expected(logits, temperature, topK, topP);
        int draws = 20_000;
        int[] times = new int[logits.length];
        Sampler sampler = new Sampler(temperature, topK, topP);
        for (int i = 0; i < draws; i++) {
            times[sampler.draw(logits, random.nextDouble())]++;
        }
        for (int i = 0; i < logits.length; i++) {
            double deviation = Math.sqrt(draws * expected[i] * (1 - expected[i]));
            assertEquals(draws * expected[i], times[i], 5 * deviation + 1e-9, "token " + i);
        }
    }

    /// The definition, by sorting all of it.
    private static double[] expected(float[] logits, double temperature, int topK, double topP) {
        List<Integer> order = IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -logits[i]))
                .limit(topK == 0 ? logits.length : topK)
                .toList();
        double total = order.stream()
                .mapToDouble(i -> Math.exp(logits[i] / temperature))
                .sum();
        double[] expected = new double[logits.length];
        double kept = 0;
        for (int token : order) {
            if (kept < topP) {
                expected[token] = Math.exp(logits[token] / temperature) / total;
                kept += expected[token];
            }
        }
        for (int i = 0; i < expected.length; i++) {
            expected[i] /= kept;
        }
        return expected;
    }

    @Property(tries = 300)
    void rankingIsSortingByScoreAndThenById(
            @ForAll @Size(min = 1, max = 40) List<@FloatRange(min = -4, max = 4) Float> random) {
        float[] scores = new float[random.size()];
        for (int i = 0; i < scores.length; i++) {
            // Halves: many are equal, and 0 comes with both signs.
            scores[i] = Math.round(2 * random.get(i)) / 2f * (i % 2 == 0 ? 1 : -1);
        }
        scores[scores.length / 2] = MINUS_INFINITY;
        List<Integer> expected = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -(scores[i] + 0.0))
                        .thenComparing(i -> i))
                .toList();
        Ranking ranking = new Ranking(scores);
        int[] inAnyOrder = {scores.length / 3, 0, scores.length - 1};
        for (int rank : inAnyOrder) {
            assertEquals(expected.get(rank), ranking.token(rank));
        }
        for (int rank = 0; rank < scores.length; rank++) {
            assertEquals(expected.get(rank), ranking.token(rank));
        }
    }

    @Test
    void aScoreOfMinusInfinityIsNeverDrawn() {
        float[] logits = {MINUS_INFINITY, 1, MINUS_INFINITY, 1, MINUS_INFINITY};
        assertEquals(Set.of(1, 3), drawn(new Sampler(1, 0, 1), logits));
        assertEquals(Set.of(1, 3), drawn(new Sampler(1, 4, 0.999_999), logits));
        assertEquals(3, new Sampler(1, 0, 1).draw(logits, Math.nextDown(1.0)));
    }

    @Test
    void extremeScoresNeitherOverflowNorVanish() {
        float[] logits = {3e38f, -3e38f, 3e38f};
        assertEquals(Set.of(0, 2), drawn(new Sampler(1, 0, 1), logits));
        assertEquals(Set.of(0, 2), drawn(new Sampler(Double.MIN_VALUE, 0, 1), logits));
        assertEquals(0, new Sampler(1, 0, 1).draw(new float[] {-5}, 0.5));
    }

    @Test
    void scoresThatAreNotNumbersAreRefused() {
        for (Sampler sampler : List.of(Sampler.greedy(), new Sampler(1, 0, 1), new Sampler(1, 2, 0.9))) {
            String message = assertThrows(
                            IllegalArgumentException.class, () -> sampler.draw(new float[] {1, 2, Float.NaN}, 0.5))
                    .getMessage();
            assertTrue(message.contains("token 2 is NaN"), message);
            assertThrows(
                    IllegalArgumentException.class, () -> sampler.draw(new float[] {1, Float.POSITIVE_INFINITY}, 0.5));
            assertThrows(IllegalArgumentException.class, () -> sampler.draw(new float[] {MINUS_INFINITY}, 0.5));
            assertThrows(IllegalArgumentException.class, () -> sampler.draw(new float[0], 0.5));
        }
    }

    @Test
    void settingsThatMeanNothingAreRefused() {
        for (double temperature : new double[] {-0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
            String message = assertThrows(IllegalArgumentException.class, () -> new Sampler(temperature, 0, 1))
                    .getMessage();
            assertTrue(message.startsWith("temperature") && message.endsWith("got " + temperature), message);
        }
        assertThrows(IllegalArgumentException.class, () -> new Sampler(1, -1, 1));
        for (double topP : new double[] {0, -1, 1.01, Double.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> new Sampler(1, 0, topP));
        }
        for (double minP : new double[] {-0.1, 1.01, Double.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> Sampler.greedy().withMinP(minP));
        }
        for (double penalty : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThrows(IllegalArgumentException.class, () -> Sampler.greedy().withRepetitionPenalty(penalty));
        }
    }
}
