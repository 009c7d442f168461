package torrefy.core.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The bounds on means, variances and distances are five standard deviations of the statistic, or its 1e-6 quantile:
/// for a generator that is what it claims, a seed that fails is rarer than one in a million. The seeds are fixed.
class DistributionsTest {

    private static final int N = 200_000;
    private final RandomKey key = RandomKey.of(2024).derive("distributions");

    @Test
    void uniformNumbersFillTheUnitIntervalEvenly() {
        float[] values = new float[N];
        Distributions.uniform(key, values, 0, N);
        for (float value : values) {
            assertTrue(value >= 0 && value < 1, "in [0, 1): " + value);
        }
        assertEquals(0.5, mean(values), 5 * Math.sqrt(1.0 / 12 / N), "mean 1/2");
        // The variance of (x − 1/2)² is 1/180.
        assertEquals(1.0 / 12, variance(values), 5 * Math.sqrt(1.0 / 180 / N), "variance 1/12");
        assertFollows(values, x -> x);
    }

    @Test
    void normalNumbersFollowTheBell() {
        float[] values = new float[N];
        Distributions.normal(key, values, 0, N);
        assertEquals(0, mean(values), 5 * Math.sqrt(1.0 / N), "mean 0");
        // The variance of x² is 2.
        assertEquals(1, variance(values), 5 * Math.sqrt(2.0 / N), "variance 1");
        assertFollows(values, DistributionsTest::normalCumulative);
    }

    @Test
    void neighboursAreNotCorrelated() {
        float[] values = new float[N];
        Distributions.normal(key, values, 0, N);
        for (int lag = 1; lag <= 4; lag++) {
            double sum = 0;
            for (int i = lag; i < N; i++) {
                sum += (double) values[i] * values[i - lag];
            }
            assertEquals(0, sum / N, 5 / Math.sqrt(N), "lag " + lag);
        }
    }

    @Test
    void theExtremesOfAWordStayInsideTheInterval() {
        assertEquals(0f, Distributions.unit(0));
        assertEquals(1 - 0x1p-24f, Distributions.unit(-1));
        assertEquals(0.5f, Distributions.unit(Integer.MIN_VALUE));
    }

    @Test
    void anElementDependsOnKeyAndPositionAlone() {
        float[] whole = new float[101];
        Distributions.uniform(key, whole, 0, 101);
        float[] bell = new float[101];
        Distributions.normal(key, bell, 0, 101);
        Distributions.normal(key.derive(3), new float[50], 0, 50);
        for (int count : new int[] {0, 1, 2, 3, 5, 6, 7, 31, 100}) {
            float[] part = new float[count + 3];
            Distributions.uniform(key, part, 2, count);
            assertArrayEquals(Arrays.copyOf(whole, count), Arrays.copyOfRange(part, 2, 2 + count));
            assertEquals(0, part[0] + part[1] + part[count + 2], "nothing else is written");
            Distributions.normal(key, part, 2, count);
            assertArrayEquals(Arrays.copyOf(bell, count), Arrays.copyOfRange(part, 2, 2 + count));
            assertEquals(0, part[0] + part[1] + part[count + 2], "nothing else is written");
        }
        assertThrows(IndexOutOfBoundsException.class, () -> Distributions.uniform(key, whole, 1, 101));
    }

    @Test
    void aPermutationHoldsEveryNumberOnce() {
        for (int count : new int[] {0, 1, 2, 7, 13, 31, 207, 4098}) {
            int[] order = Distributions.permutation(key, count);
            int[] sorted = order.clone();
            Arrays.sort(sorted);
            assertArrayEquals(IntStream.range(0, count).toArray(), sorted);
            assertArrayEquals(order, Distributions.permutation(key, count), "the same key, the same order");
        }
        assertFalse(
                Arrays.equals(Distributions.permutation(key, 207), Distributions.permutation(key.derive(1), 207)),
                "another key, another order");
    }

    /// Chi-square over the 24 orders of 4: with 23 degrees of freedom its 1 − 1e-6 quantile is 71.5.
    @Test
    void allOrdersAreEquallyLikely() {
        int draws = 24_000;
        int[] seen = new int[4 * 4 * 4 * 4];
        for (int i = 0; i < draws; i++) {
            int[] order = Distributions.permutation(key.derive(i), 4);
            seen[((order[0] * 4 + order[1]) * 4 + order[2]) * 4 + order[3]]++;
        }
        double expected = draws / 24.0;
        double square = 0;
        int different = 0;
        for (int count : seen) {
            if (count > 0) {
                different++;
                square += (count - expected) * (count - expected) / expected;
            }
        }
        assertEquals(24, different);
        assertTrue(square < 71.5, "chi-square " + square);
    }

    @Test
    void numbersBelowABoundReachBothEnds() {
        assertEquals(0, Distributions.below(new int[] {0, 0}, 7));
        assertEquals(6, Distributions.below(new int[] {-1, -1}, 7));
        assertEquals(Integer.MAX_VALUE - 1, Distributions.below(new int[] {-1, -1}, Integer.MAX_VALUE));
        assertEquals(0, Distributions.below(new int[] {-1, -1}, 1));
    }

    private static double mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    private static double variance(float[] values) {
        double mean = mean(values);
        double sum = 0;
        for (float value : values) {
            sum += (value - mean) * (value - mean);
        }
        return sum / values.length;
    }

    /// The test of Kolmogorov and Smirnov: the largest distance D between the cumulative distribution and that of the
    /// sample exceeds `√(ln(2/α)/2N)` with probability α, here 1e-6.
    private static void assertFollows(float[] values, DoubleUnaryOperator cumulative) {
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        double distance = 0;
        for (int i = 0; i < sorted.length; i++) {
            double expected = cumulative.applyAsDouble(sorted[i]);
            distance = Math.max(distance, Math.abs(expected - (double) i / sorted.length));
            distance = Math.max(distance, Math.abs(expected - (i + 1.0) / sorted.length));
        }
        double bound = Math.sqrt(Math.log(2 / 1e-6) / 2 / sorted.length);
        assertTrue(distance < bound, "distance " + distance + ", bound " + bound);
    }

    /// Φ(x) by its series `1/2 + φ(x)·(x + x³/3 + x⁵/(3·5) + …)`, to double precision for the |x| < 7 met here.
    private static double normalCumulative(double x) {
        double term = x;
        double sum = x;
        for (int i = 3; Math.abs(term) > 1e-18; i += 2) {
            term *= x * x / i;
            sum += term;
        }
        return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }
}
