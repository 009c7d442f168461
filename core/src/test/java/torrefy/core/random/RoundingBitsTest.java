package torrefy.core.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class RoundingBitsTest {

    private static final int COUNT = 1 << 16;

    /// The share of ones is off by 1/(2·√65,536) = 0.002, once; five times that is missed about once in a million.
    @Test
    void everyBitIsOneHalfOfTheTime() {
        RoundingBits bits = RoundingBits.of(RandomKey.of(1));
        for (int bit = 0; bit < 32; bit++) {
            int ones = 0;
            for (int position = 0; position < COUNT; position++) {
                ones += bits.at(position) >>> bit & 1;
            }
            assertEquals(0.5, (double) ones / COUNT, 0.01, "bit " + bit);
        }
    }

    /// Of neighbours, and of the same position under keys that follow on each other, half the bits differ.
    @Test
    void neighboursAndStepsAreUnrelated() {
        long betweenNeighbours = 0;
        long betweenSteps = 0;
        RoundingBits bits = RoundingBits.of(RandomKey.of(1).derive(7));
        RoundingBits next = RoundingBits.of(RandomKey.of(1).derive(8));
        for (int position = 0; position < COUNT; position++) {
            betweenNeighbours += Integer.bitCount(bits.at(position) ^ bits.at(position + 1));
            betweenSteps += Integer.bitCount(bits.at(position) ^ next.at(position));
        }
        assertEquals(16, (double) betweenNeighbours / COUNT, 0.06);
        assertEquals(16, (double) betweenSteps / COUNT, 0.06);
    }

    @Test
    void aKeyNamesItsBits() {
        assertEquals(
                RoundingBits.of(RandomKey.of(3)).at(5),
                RoundingBits.of(RandomKey.of(3)).at(5));
        assertNotEquals(
                RoundingBits.of(RandomKey.of(3)).at(5),
                RoundingBits.of(RandomKey.of(4)).at(5));
    }
}
