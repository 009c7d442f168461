package torrefy.kernels.scalar;

import torrefy.core.backend.BinaryFunction;
import torrefy.core.backend.UnaryFunction;

/// The functions of the elementwise kernels and their slopes, for one element, computed in double precision.
final class ScalarFunctions {

    /// √(2/π)
    private static final double SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);

    private static final double GELU_CUBIC = 0.044715;

    private ScalarFunctions() {}

    /// `f(x)`. The tanh form of GELU is written with `½(1 + tanh u) = σ(2u)`.
    static float value(UnaryFunction f, float x) {
        return switch (f) {
            case NEGATE -> -x;
            case EXP -> (float) Math.exp(x);
            case LOG -> (float) Math.log(x);
            case SQRT -> (float) Math.sqrt(x);
            case RECIPROCAL -> 1 / x;
            case ABS -> Math.abs(x);
            case TANH -> (float) Math.tanh(x);
            case SIGMOID -> (float) sigmoid(x);
            case RELU -> Math.max(x, 0);
            case GELU_TANH -> (float) (x * sigmoid(2 * geluArgument(x)));
            case GELU_ERF -> (float) (x * normalDistribution(x));
            case SILU -> (float) (x * sigmoid(x));
        };
    }

    /// `f'(x)`, given `y = f(x)` too
    static float slope(UnaryFunction f, float x, float y) {
        return switch (f) {
            case NEGATE -> -1;
            case EXP -> y;
            case LOG -> 1 / x;
            case SQRT -> 0.5f / y;
            case RECIPROCAL -> -y * y;
            case ABS -> x == 0 ? 0 : Math.signum(x);
            case TANH -> 1 - y * y;
            case SIGMOID -> y * (1 - y);
            case RELU -> x > 0 ? 1 : 0;
            case GELU_TANH -> (float) geluTanhSlope(x);
            case GELU_ERF -> (float) (normalDistribution(x) + x * normalDensity(x));
            case SILU -> {
                double s = sigmoid(x);
                yield (float) (s * (1 + x * (1 - s)));
            }
        };
    }

    /// `f(a, b)`
    static float value(BinaryFunction f, float a, float b) {
        return switch (f) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case POWER -> (float) Math.pow(a, b);
            case MAXIMUM -> Math.max(a, b);
            case MINIMUM -> Math.min(a, b);
            case GREATER -> a > b ? 1 : 0;
            case EQUAL -> a == b ? 1 : 0;
        };
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /// `u = √(2/π)(x + 0.044715x³)`
    private static double geluArgument(double x) {
        return SQRT_2_OVER_PI * (x + GELU_CUBIC * x * x * x);
    }

    /// With `s = σ(2u) = ½(1 + tanh u)`: `(x·s)' = s + x·s(1 − s)·2u'`
    private static double geluTanhSlope(double x) {
        double s = sigmoid(2 * geluArgument(x));
        double du = SQRT_2_OVER_PI * (1 + 3 * GELU_CUBIC * x * x);
        return s + x * s * (1 - s) * 2 * du;
    }

    /// `φ(x) = exp(−x²/2)/√(2π)`
    private static double normalDensity(double x) {
        return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
    }

    /// `Φ(x) = ½(1 + erf(x/√2)) = ½ + φ(x)·Σₙ x²ⁿ⁺¹/(1·3·5 ⋯ (2n + 1))`
    ///
    /// Abramowitz and Stegun, *Handbook of Mathematical Functions*, 26.2.11. All terms have the sign of x, so that none
    /// cancel, and the first one left out is small against the sum; beyond |x| = 8 the tail is under 10⁻¹⁵.
    static double normalDistribution(double x) {
        if (!(Math.abs(x) < 8)) {
            return x > 0 ? 1 : x < 0 ? 0 : x;
        }
        double term = x;
        double sum = x;
        for (int odd = 3; Math.abs(term) > 1e-12 * Math.abs(sum); odd += 2) {
            term *= x * x / odd;
            sum += term;
        }
        return 0.5 + normalDensity(x) * sum;
    }
}
