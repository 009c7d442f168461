package torrefy.kernels;

import torrefy.core.backend.BinaryFunction;
import torrefy.core.backend.UnaryFunction;

/// The elementwise functions in double precision, written from their definitions.
final class Reference {

    private Reference() {}

    static double value(UnaryFunction f, double x) {
        return switch (f) {
            case NEGATE -> -x;
            case EXP -> StrictMath.exp(x);
            case LOG -> StrictMath.log(x);
            case SQRT -> StrictMath.sqrt(x);
            case RECIPROCAL -> 1 / x;
            case ABS -> Math.abs(x);
            case TANH -> StrictMath.tanh(x);
            case SIGMOID -> 1 / (1 + StrictMath.exp(-x));
            case RELU -> x > 0 ? x : 0;
            case GELU_TANH ->
                x / 2 * (1 + StrictMath.tanh(StrictMath.sqrt(2 / Math.PI) * (x + 0.044715 * StrictMath.pow(x, 3))));
            case GELU_ERF -> x / 2 * (1 + erf(x / StrictMath.sqrt(2)));
            case SILU -> x / (1 + StrictMath.exp(-x));
        };
    }

    /// The slope by a central difference of the values above; its error is about 10⁻¹⁰. RELU and ABS have a corner.
    static double slope(UnaryFunction f, double x) {
        return switch (f) {
            case RELU -> x > 0 ? 1 : 0;
            case ABS -> Math.signum(x);
            default -> {
                double h = 1e-4 * Math.max(0.1, Math.abs(x));
                double near = (value(f, x + h) - value(f, x - h)) / (2 * h);
                double far = (value(f, x + 2 * h) - value(f, x - 2 * h)) / (4 * h);
                yield (4 * near - far) / 3;
            }
        };
    }

    /// What errors of the value are measured against: `x/2·(1 + …)` cancels for negative x, so there it is x.
    static double scale(UnaryFunction f, double x, double value) {
        return switch (f) {
            case GELU_TANH, GELU_ERF -> Math.abs(x);
            default -> Math.abs(value);
        };
    }

    /// What errors of the slope are measured against: differences such as `1 − y²` cancel, so there it is what they are
    /// the difference of.
    static double slopeScale(UnaryFunction f, double x) {
        return switch (f) {
            case TANH, SIGMOID -> 1;
            case SILU, GELU_TANH, GELU_ERF -> 1 + Math.abs(x);
            default -> Math.abs(slope(f, x));
        };
    }

    static double value(BinaryFunction f, double a, double b) {
        return switch (f) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case POWER -> StrictMath.pow(a, b);
            case MAXIMUM -> a > b ? a : b;
            case MINIMUM -> a < b ? a : b;
            case GREATER -> a > b ? 1 : 0;
            case EQUAL -> a == b ? 1 : 0;
        };
    }

    /// Abramowitz and Stegun, *Handbook of Mathematical Functions*: the power series 7.1.5 near 0, the continued
    /// fraction 7.1.14 of `1 − erf` beyond.
    static double erf(double x) {
        if (Math.abs(x) < 2.5) {
            double power = x;
            double sum = x;
            for (int n = 1; n < 60; n++) {
                power *= -x * x / n;
                sum += power / (2 * n + 1);
            }
            return 2 / StrictMath.sqrt(Math.PI) * sum;
        }
        double z = Math.abs(x);
        double fraction = z;
        for (int n = 80; n > 0; n--) {
            fraction = z + n / 2.0 / fraction;
        }
        return Math.signum(x) * (1 - StrictMath.exp(-z * z) / (StrictMath.sqrt(Math.PI) * fraction));
    }
}
