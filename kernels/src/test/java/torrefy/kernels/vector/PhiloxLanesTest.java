package torrefy.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;
import torrefy.core.random.Distributions;
import torrefy.core.random.RandomKey;

class PhiloxLanesTest {

    @Test
    void numbersAreThoseOfTheScalarGenerator() {
        RandomKey[] keys = {
            RandomKey.of(0), RandomKey.of(-1), RandomKey.of(42).derive("layer").derive(7)
        };
        long[] blocks = {0, 1, 0xfffffffeL, 0x123456789abcdefL};
        for (RandomKey key : keys) {
            for (long block : blocks) {
                for (int count : new int[] {1, 7, 32, 207, 4098}) {
                    float[] wanted = new float[count + 3];
                    float[] got = new float[count + 3];
                    Distributions.uniform(key, block, wanted, 3, count);
                    PhiloxLanes.uniform(key, block, got, 3, count);
                    assertArrayEquals(wanted, got, key + " from block " + block);
                }
            }
        }
    }
}
