package torrefy.core.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import torrefy.core.random.RandomKey;
import torrefy.core.random.RoundingBits;

class Bfloat16Test {

    @Test
    void everyBfloat16SurvivesTheWayThereAndBack() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = Bfloat16.toFloat((short) bits);
            if (Float.isNaN(value)) {
                assertTrue(Float.isNaN(Bfloat16.toFloat(Bfloat16.fromFloat(value))));
            } else {
                assertEquals((short) bits, Bfloat16.fromFloat(value));
            }
        }
    }

    @Test
    void tiesGoToTheEvenNeighbour() {
        // 1 + 2^-8 lies halfway between 1 and 1 + 2^-7; 1 + 3·2^-8 halfway between 1 + 2^-7 and 1 + 2^-6.
        assertEquals(1f, rounded(1 + 0x1p-8f));
        assertEquals(1 + 0x1p-6f, rounded(1 + 3 * 0x1p-8f));
        assertEquals(1 + 0x1p-7f, rounded(Math.nextUp(1 + 0x1p-8f)));
        assertEquals(1f, rounded(Math.nextDown(1 + 0x1p-8f)));
    }

    @Test
    void theLargestFloatsRoundToInfinity() {
        assertEquals(Float.POSITIVE_INFINITY, rounded(Float.MAX_VALUE));
        assertEquals(Float.NEGATIVE_INFINITY, rounded(-Float.MAX_VALUE));
        assertEquals(Float.POSITIVE_INFINITY, rounded(Float.POSITIVE_INFINITY));
        float largest = Bfloat16.toFloat((short) 0x7f7f);
        assertEquals(largest, rounded(largest));
    }

    @Test
    void signsOfZeroStay() {
        assertEquals((short) 0, Bfloat16.fromFloat(0f));
        assertEquals((short) 0x8000, Bfloat16.fromFloat(-0f));
        assertEquals((short) 0, Bfloat16.fromFloat(Float.MIN_VALUE));
    }

    @Test
    void everyNanStaysNan() {
        for (int bits : new int[] {0x7fc00000, 0x7f800001, 0xff800001, 0x7fffffff, 0xffffffff, 0x7f80ffff}) {
            assertTrue(Float.isNaN(rounded(Float.intBitsToFloat(bits))), Integer.toHexString(bits));
        }
    }

    /// The nearest of the two neighbours by distance in double precision, where both distances are exact.
    @Property(tries = 5000)
    void roundingFindsTheNearestNeighbour(@ForAll int bits) {
        float value = Float.intBitsToFloat(bits);
        if (!Float.isFinite(value)) {
            return;
        }
        float towardsZero = Float.intBitsToFloat(bits & 0xffff0000);
        int awayBits = (bits & 0xffff0000) + 0x10000;
        // Beyond the largest bfloat16 the next step would be 2^128.
        double away =
                (awayBits & 0x7fffffff) == 0x7f800000 ? Math.copySign(0x1p128, value) : Float.intBitsToFloat(awayBits);
        double down = Math.abs((double) value - towardsZero);
        double up = Math.abs(away - value);
        boolean even = (bits >>> 16 & 1) == 0;
        double expected = down < up || down == up && even ? towardsZero : away;
        assertEquals((float) expected, rounded(value));
    }

    private static float rounded(float value) {
        return Bfloat16.toFloat(Bfloat16.fromFloat(value));
    }

    /// All 65,536 values of the random bits, once each: the mean is the value itself, exactly.
    @Test
    void stochasticRoundingIsRightOnAverage() {
        for (float value : new float[] {1 + 0x1p-10f, -0.3f, 3.14159f, 1e-30f, -1e30f}) {
            double sum = 0;
            for (int bits = 0; bits < 1 << 16; bits++) {
                sum += Bfloat16.toFloat(Bfloat16.fromFloat(value, bits));
            }
            assertEquals(value, sum / (1 << 16), Math.abs(value) * 1e-12);
        }
    }

    @Test
    void whatIsABfloat16StaysUnderStochasticRounding() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = Bfloat16.toFloat((short) bits);
            short rounded = Bfloat16.fromFloat(value, 0xffff);
            assertTrue(Float.isNaN(value) ? Float.isNaN(Bfloat16.toFloat(rounded)) : rounded == (short) bits);
        }
    }

    /// A thousand changes of a hundredth of the distance between neighbours.
    @Test
    void smallChangesAddUpOnlyIfRoundedStochastically() {
        float change = 0x1p-7f / 100;
        float nearest = 1;
        double stochastic = 0;
        RoundingBits[] runs = new RoundingBits[100];
        for (int run = 0; run < runs.length; run++) {
            runs[run] = RoundingBits.of(RandomKey.of(run));
            float value = 1;
            for (int step = 0; step < 1000; step++) {
                value = Bfloat16.toFloat(Bfloat16.fromFloat(value + change, runs[run].at(step)));
            }
            stochastic += (value - 1) / runs.length;
        }
        for (int step = 0; step < 1000; step++) {
            nearest = rounded(nearest + change);
        }
        assertEquals(1f, nearest);
        // Ten neighbours further; a run's deviation is √(1000·0.01·0.99) ≈ 3.1 of them, the mean's a tenth of that.
        assertEquals(10, stochastic / 0x1p-7, 5 * 0.32);
    }
}
