package torrefy.core.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PermutationTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 13, 16, 17, 31, 64, 65, 207, 4098, 100_003})
    void everyNumberComesOnce(int count) {
        Permutation order = new Permutation(RandomKey.of(7), count);
        boolean[] seen = new boolean[count];
        for (int i = 0; i < count; i++) {
            int number = Math.toIntExact(order.at(i));
            assertFalse(seen[number], number + " came twice");
            seen[number] = true;
        }
    }

    @Test
    void theOrderIsAFunctionOfKeyAndCount() {
        Permutation one = new Permutation(RandomKey.of(1), 207);
        assertEquals(one.at(31), new Permutation(RandomKey.of(1), 207).at(31));
        assertNotEquals(all(one), all(new Permutation(RandomKey.of(2), 207)));
        assertNotEquals(all(one), all(new Permutation(RandomKey.of(1).derive(1), 207)));
    }

    private static String all(Permutation order) {
        long[] numbers = new long[(int) order.count()];
        Arrays.setAll(numbers, order::at);
        return Arrays.toString(numbers);
    }

    @Test
    void hugeCountsCostNoMemoryAndStayInside() {
        for (long count : new long[] {1_000_000_000_000L, (1L << 32) + 1, 1L << 62}) {
            Permutation order = new Permutation(RandomKey.of(3), count);
            Set<Long> numbers = new HashSet<>();
            for (int i = 0; i < 1000; i++) {
                long number = order.at(count - 1 - i);
                assertTrue(number >= 0 && number < count);
                assertTrue(numbers.add(number));
            }
            // 1000 numbers: that all fall into one half has probability 2^-999.
            assertTrue(numbers.stream().anyMatch(n -> n < count / 2));
            assertTrue(numbers.stream().anyMatch(n -> n >= count / 2));
        }
    }

    /// Over many keys, every number comes at every place equally often. The counts are binomial with n = 20,000 and p
    /// = 1/count; five deviations of that, over all cells of all cases, are missed by chance about once in 10^4.
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 7, 13})
    void everyNumberIsAsLikelyAtEveryPlace(int count) {
        int keys = 20_000;
        int[][] times = new int[count][count];
        for (int key = 0; key < keys; key++) {
            Permutation order = new Permutation(RandomKey.of(key), count);
            for (int place = 0; place < count; place++) {
                times[place][(int) order.at(place)]++;
            }
        }
        double p = 1.0 / count;
        double deviation = Math.sqrt(keys * p * (1 - p));
        for (int[] row : times) {
            for (int cell : row) {
                assertEquals(keys * p, cell, 5 * deviation);
            }
        }
    }

    /// All orders of four numbers are about equally frequent, so neighbours are independent too.
    @Test
    void everyOrderOfFourIsAsLikely() {
        int keys = 48_000;
        int[] times = new int[256];
        for (int key = 0; key < keys; key++) {
            Permutation order = new Permutation(RandomKey.of(key), 4);
            int code = 0;
            for (int place = 0; place < 4; place++) {
                code = code * 4 + (int) order.at(place);
            }
            times[code]++;
        }
        int[] seen = Arrays.stream(times).filter(n -> n > 0).toArray();
        assertEquals(24, seen.length);
        double expected = keys / 24.0;
        for (int cell : seen) {
            assertEquals(expected, cell, 5 * Math.sqrt(expected));
        }
    }

    @Test
    void whatIsOutOfRangeIsRefused() {
        Permutation order = new Permutation(RandomKey.of(0), 13);
        assertThrows(IndexOutOfBoundsException.class, () -> order.at(13));
        assertThrows(IndexOutOfBoundsException.class, () -> order.at(-1));
        assertThrows(IllegalArgumentException.class, () -> new Permutation(RandomKey.of(0), 0));
        assertThrows(IllegalArgumentException.class, () -> new Permutation(RandomKey.of(0), (1L << 62) + 1));
    }
}
