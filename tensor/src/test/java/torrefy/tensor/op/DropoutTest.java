package torrefy.tensor.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.Backend;
import torrefy.core.random.Distributions;
import torrefy.core.random.RandomKey;
import torrefy.tensor.Columns;
import torrefy.tensor.Tensor;

class DropoutTest {

    private static final RandomKey KEY = RandomKey.of(11);

    @Test
    void elementIsKeptWhereItsUniformNumberReachesTheProbability() {
        int n = 4098;
        float[] uniform = new float[n];
        Distributions.uniform(KEY, uniform, 0, n);
        float[] expected = new float[n];
        for (int i = 0; i < n; i++) {
            expected[i] = uniform[i] >= 0.3f ? 2 / (1 - 0.3f) : 0;
        }
        for (Backend backend : Columns.all()) {
            // One rounding in 1/(1 − p) and one in the product.
            assertArrayEquals(
                    expected, Tensor.full(backend, 2, n).dropout(0.3f, KEY).toFloats(), 2 * 0x1p-22f);
        }
    }

    @Test
    void gradientPassesThroughTheMaskOfForward() {
        for (Backend backend : Columns.all()) {
            Tensor x = Tensor.full(backend, 1, 31, 7).withGradient();
            Tensor y = x.dropout(0.5f, KEY);
            float[] mask = y.toFloats();
            y.sum().backward();
            assertArrayEquals(mask, x.gradient().toFloats());
        }
    }

    @Test
    void keyAloneDecidesTheMask() {
        Tensor x = Tensor.full(Columns.scalar(), 1, 207);
        float[] mask = x.dropout(0.5f, KEY).toFloats();
        assertArrayEquals(mask, x.dropout(0.5f, KEY).toFloats());
        assertFalse(Arrays.equals(mask, x.dropout(0.5f, KEY.derive(1)).toFloats()));
    }

    @Test
    void maskFollowsThePositionInTheTensorNotInItsMemory() {
        Tensor x = Tensor.full(Columns.scalar(), 1, 5, 7);
        assertArrayEquals(
                x.reshape(7, 5).dropout(0.5f, KEY).toFloats(),
                x.transpose(0, 1).dropout(0.5f, KEY).toFloats());
    }

    @Test
    void probabilityZeroIsTheTensorItself() {
        Tensor x = Tensor.full(Columns.scalar(), 1, 7);
        assertSame(x, x.dropout(0, KEY));
    }

    @Test
    void shareOfZerosIsTheProbability() {
        int n = 40_000;
        float[] out = Tensor.full(Columns.scalar(), 1, n).dropout(0.2f, KEY).toFloats();
        int zeros = 0;
        for (float value : out) {
            zeros += value == 0 ? 1 : 0;
        }
        // Five standard deviations of a binomial distribution: √(n·0.2·0.8) = 80.
        assertEquals(0.2 * n, zeros, 400);
    }
}
