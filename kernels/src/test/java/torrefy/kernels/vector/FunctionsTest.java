package torrefy.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static torrefy.kernels.vector.Lanes.COUNT;
import static torrefy.kernels.vector.Lanes.FLOATS;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

class FunctionsTest {

    /// Half the distance between neighbouring floats, relative to them: the best a float can do.
    private static final double UNIT = 0x1p-24;

    private static float[] apply(UnaryOperator<FloatVector> f, float[] x) {
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i += COUNT) {
            f.apply(FloatVector.fromArray(FLOATS, x, i)).intoArray(y, i);
        }
        return y;
    }

    /// Numbers evenly spaced from `from` to `to`.
    private static float[] between(double from, double to) {
        float[] x = new float[40_000 / COUNT * COUNT];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) (from + (to - from) * i / (x.length - 1));
        }
        return x;
    }

    private static void assertClose(
            String name,
            UnaryOperator<FloatVector> f,
            DoubleUnaryOperator exact,
            float[] x,
            double relative,
            double absolute) {
        float[] y = apply(f, x);
        for (int i = 0; i < x.length; i++) {
            double wanted = exact.applyAsDouble(x[i]);
            double allowed = relative * Math.abs(wanted) + absolute;
            assertTrue(
                    Math.abs(y[i] - wanted) <= allowed,
                    name + " of " + x[i] + ": expected " + wanted + ", got " + y[i] + ", allowed error " + allowed);
        }
    }

    @Test
    void exponentialIsAccurateOverItsWholeRange() {
        assertClose("exp", Functions::exp, Math::exp, between(-87, 88.7), 3 * UNIT, 0);
        assertClose("exp", Functions::exp, Math::exp, between(-1e-3, 1e-3), 3 * UNIT, 0);
        // Below the smallest normal float numbers are 2⁻¹⁴⁹ apart.
        assertClose("exp", Functions::exp, Math::exp, between(-110, -87), 3 * UNIT, 0x1p-149);
    }

    @Test
    void exponentialKeepsItsLimits() {
        float[] x = new float[COUNT];
        float[] special = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0};
        System.arraycopy(special, 0, x, 0, special.length);
        float[] y = apply(Functions::exp, x);
        assertTrue(Float.isNaN(y[0]));
        assertEquals(Float.POSITIVE_INFINITY, y[1]);
        assertEquals(0, y[2]);
        assertEquals(1, y[3]);
        x[0] = 89;
        x[1] = 1e30f;
        x[2] = -1e30f;
        x[3] = -0f;
        y = apply(Functions::exp, x);
        assertEquals(Float.POSITIVE_INFINITY, y[0]);
        assertEquals(Float.POSITIVE_INFINITY, y[1]);
        assertEquals(0, y[2]);
        assertEquals(1, y[3]);
    }

    @Test
    void hyperbolicTangentIsAccurateNearZeroToo() {
        assertClose("tanh", Functions::tanh, Math::tanh, between(-20, 20), 6 * UNIT, 0);
        assertClose("tanh", Functions::tanh, Math::tanh, between(-1e-3, 1e-3), 6 * UNIT, 0);
    }

    @Test
    void sigmoidIsAccurateInItsTail() {
        DoubleUnaryOperator exact = x -> 1 / (1 + Math.exp(-x));
        assertClose("sigmoid", Functions::sigmoid, exact, between(-80, 80), 6 * UNIT, 0);
    }

    @Test
    void normalDistributionIsAccurateToTheApproximationsOwnError() {
        // Abramowitz and Stegun give 1.5e-7 for erfc, which is twice Φ. Rounding adds up to three units: partial sums
        // of
        // the polynomial reach 1.5, and t, of which they are functions, is rounded twice.
        UnaryOperator<FloatVector> f = x -> Functions.normalDistribution(x, Functions.bell(x));
        assertClose("normal distribution", f, FunctionsTest::normalDistribution, between(-7, 7), 0, 0.75e-7 + 3 * UNIT);
    }

    /// Φ by Simpson's rule over its density, in steps of 1/200.
    private static double normalDistribution(double x) {
        int steps = 2 * (int) Math.ceil(Math.abs(x) * 100 + 1);
        double h = x / steps;
        double sum = 1 + Math.exp(-x * x / 2);
        for (int i = 1; i < steps; i++) {
            sum += (i % 2 == 1 ? 4 : 2) * Math.exp(-(i * h) * (i * h) / 2);
        }
        return 0.5 + sum * h / 3 / Math.sqrt(2 * Math.PI);
    }

    @Test
    void bitsAreTheSameBeforeAndAfterCompilation() {
        float[] x = between(-30, 30);
        float[] few = Arrays.copyOf(x, 4 * COUNT);
        float[] interpreted = apply(Functions::tanh, few);
        for (int i = 0; i < 3; i++) {
            apply(Functions::tanh, x);
        }
        assertArrayEquals(interpreted, apply(Functions::tanh, few), 0);
        float sum = Lanes.sum(FloatVector.fromArray(FLOATS, interpreted, 0));
        for (int i = 0; i < 20_000; i++) {
            assertEquals(sum, Lanes.sum(FloatVector.fromArray(FLOATS, interpreted, 0)));
        }
    }

    @Test
    void sumOfLanesCountsEveryLaneOnce() {
        float[] x = new float[COUNT];
        for (int i = 0; i < COUNT; i++) {
            x[i] = 1 << i;
        }
        assertEquals((1 << COUNT) - 1, Lanes.sum(FloatVector.fromArray(FLOATS, x, 0)));
    }
}
