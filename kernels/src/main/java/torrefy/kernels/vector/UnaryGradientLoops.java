package torrefy.kernels.vector;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.NE;
import static torrefy.kernels.vector.Lanes.COUNT;
import static torrefy.kernels.vector.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import torrefy.core.backend.UnaryFunction;

/// A loop for the gradient of each function of one number: `dIn = dOut·f'(in)`, array 0 from the arrays 1 (in), 2
/// (out, which is `f(in)`) and 3 (dOut).
final class UnaryGradientLoops {

    private static final float ONE_OVER_SQRT_2_PI = 0.39894228f;

    private UnaryGradientLoops() {}

    /// The loop for `f`, which adds to dIn if `accumulate`.
    static Runs.Loop of(UnaryFunction f, boolean accumulate) {
        return switch (f) {
            case NEGATE -> (arrays, at, length) -> negate(arrays, at, length, accumulate);
            case EXP -> (arrays, at, length) -> exp(arrays, at, length, accumulate);
            case LOG -> (arrays, at, length) -> log(arrays, at, length, accumulate);
            case SQRT -> (arrays, at, length) -> sqrt(arrays, at, length, accumulate);
            case RECIPROCAL -> (arrays, at, length) -> reciprocal(arrays, at, length, accumulate);
            case ABS -> (arrays, at, length) -> abs(arrays, at, length, accumulate);
            case TANH -> (arrays, at, length) -> tanh(arrays, at, length, accumulate);
            case SIGMOID -> (arrays, at, length) -> sigmoid(arrays, at, length, accumulate);
            case RELU -> (arrays, at, length) -> relu(arrays, at, length, accumulate);
            case GELU_TANH -> (arrays, at, length) -> geluTanh(arrays, at, length, accumulate);
            case GELU_ERF -> (arrays, at, length) -> geluErf(arrays, at, length, accumulate);
            case SILU -> (arrays, at, length) -> silu(arrays, at, length, accumulate);
        };
    }

    private static FloatVector operand(float[][] arrays, int[] at, int k, int i) {
        return FloatVector.fromArray(FLOATS, arrays[k], at[k] + i);
    }

    private static void negate(float[][] arrays, int[] at, int length, boolean accumulate) {
        for (int i = 0; i < length; i += COUNT) {
            FloatVector gradient = operand(arrays, at, 3, i).neg();
            if (accumulate) {
                gradient = gradient.add(FloatVector.fromArray(FLOATS, arrays[0], at[0] + i));
            }
            gradient.intoArray(arrays[0], at[0] + i);
        }
    }

    private static void exp(float[][] arrays, int[] at, int length, boolean accumulate) {
        for (int i = 0; i < length; i += COUNT) {
            FloatVector gradient = operand(arrays, at, 3, i).mul(operand(arrays, at, 2, i));
            if (accumulate) {
                gradient = gradient.add(FloatVector.fromArray(FLOATS, arrays[0], at[0] + i));
            }
            gradient.intoArray(arrays[0], at[0] + i);
        }
    }

    private static void log(float[][] arrays, int[] at, int length, boolean accumulate) {
        for (int i = 0; i < length; i += COUNT) {
            FloatVector gradient = operand(arrays, at, 3, i).div(operand(arrays, at, 1, i));
            if (accumulate) {
                gradient = gradient.add(FloatVector.fromArray(FLOATS, arrays[0], at[0] + i));
            }
            gradient.intoArray(arrays[0], at[0] + i);
        }
    }

    private static void sqrt(float[][] arrays, int[] at, int length, boolean accumulate) {
        for (int i = 0; i < length; i += COUNT) {
            FloatVector y = operand(arrays, at, 2, i);
            FloatVector gradient = operand(arrays, at, 3, i).mul(0.5f).div(y);
            if (accumulate) {
                gradient = gradient.add(FloatVector.fromArray(FLOATS, arrays[0], at[0] + i));
            }
            gradient.intoArray(arrays[0], at[0] + i);
        }
    }

    private static void reciprocal(float[][] arrays, int[] at, int length, boolean accumulate) {
        for (int i = 0; i < length; i += COUNT) {
            FloatVector y = operand(arrays, at, 2, i);
            FloatVector gradient = operand(arrays, at, 3, i).mul(y.mul(y).neg());
            if (accumulate) {
                gradient = gradient.add(FloatVector.fromArray(FLOATS, arrays[0], at[0] + i));
            }
            gradient.intoArray(arrays[0], at[0] + i);
        }
    }

    private static void abs(float[][] arrays, int[] at, int length, boolean accumulate) {
        for (int i = 0; i < length; i += COUNT) {
            FloatVector d = operand(arrays, at, 3, i);
            FloatVector x = operand(arrays, at, 1, i);
            FloatVector one = FloatVector.broadcast(FLOATS, 1);
            FloatVector sign =
                    one.blend(-1, x.compare(LT, 0)).blend(0, x.compare(EQ, 0)).blend(x, x.compare(NE, x));
            FloatVector gradient = d.mul(sign);
            if (accumulate) {
                gradient = gradient.add(FloatVector.fromArray(FLOATS, arrays[0], at[0] + i));
            }
            gradient.intoArray(arrays[0], at[0] + i);
        }
    }

    private static void tanh(float[][] arrays, int[] at, int length, boolean accumulate) {
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        for (int i = 0; i < length; i += COUNT) {
            FloatVector y = operand(arrays, at, 2, i);
            FloatVector gradient = operand(arrays, at, 3, i).mul(one.sub(y.mul(y)));
            if (accumulate) {
                gradient = gradient.add(FloatVector.fromArray(FLOATS, arrays[0], at[0] + i));
            }
            gradient.intoArray(arrays[0], at[0] + i);
        }
    }

    private static void sigmoid(float[][] arrays, int[] at, int length, boolean accumulate) {
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        for (int i = 0; i < length; i += COUNT) {
            FloatVector y = operand(arrays, at, 2, i);
            FloatVector gradient = operand(arrays, at, 3, i).mul(y.mul(one.sub(y)));
            if (accumulate) {
                gradient = gradient.add(FloatVector.fromArray(FLOATS, arrays[0], at[0] + i));
            }
            gradient.intoArray(arrays[0], at[0] + i);
        }
    }

    private static void relu(float[][] arrays, int[] at, int length, boolean accumulate) {
        FloatVector zero = FloatVector.zero(FLOATS);
        for (int i = 0; i < length; i += COUNT) {
            FloatVector x = operand(arrays, at, 1, i);
            FloatVector gradient = zero.blend(operand(arrays, at, 3, i), x.compare(GT, 0));
            if (accumulate) {
                gradient = gradient.add(FloatVector.fromArray(FLOATS, arrays[0], at[0] + i));
            }
            gradient.intoArray(arrays[0], at[0] + i);
        }
    }

    private static void geluTanh(float[][] arrays, int[] at, int length, boolean accumulate) {
        for (int i = 0; i < length; i += COUNT) {
            FloatVector d = operand(arrays, at, 3, i);
            FloatVector slope = Functions.geluTanhSlope(operand(arrays, at, 1, i));
            FloatVector gradient = d.mul(slope);
            if (accumulate) {
                gradient = gradient.add(FloatVector.fromArray(FLOATS, arrays[0], at[0] + i));
            }
            gradient.intoArray(arrays[0], at[0] + i);
        }
    }

    private static void geluErf(float[][] arrays, int[] at, int length, boolean accumulate) {
        for (int i = 0; i < length; i += COUNT) {
            FloatVector d = operand(arrays, at, 3, i);
            FloatVector x = operand(arrays, at, 1, i);
            FloatVector bell = Functions.bell(x);
            FloatVector distribution = Functions.normalDistribution(x, bell);
            FloatVector slope = bell.mul(x).mul(ONE_OVER_SQRT_2_PI).add(distribution);
            FloatVector gradient = d.mul(slope);
            if (accumulate) {
                gradient = gradient.add(FloatVector.fromArray(FLOATS, arrays[0], at[0] + i));
            }
            gradient.intoArray(arrays[0], at[0] + i);
        }
    }

    private static void silu(float[][] arrays, int[] at, int length, boolean accumulate) {
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        for (int i = 0; i < length; i += COUNT) {
            FloatVector d = operand(arrays, at, 3, i);
            FloatVector x = operand(arrays, at, 1, i);
            FloatVector s = Functions.sigmoid(x);
            FloatVector slope = one.sub(s).fma(x, one).mul(s);
            FloatVector gradient = d.mul(slope);
            if (accumulate) {
                gradient = gradient.add(FloatVector.fromArray(FLOATS, arrays[0], at[0] + i));
            }
            gradient.intoArray(arrays[0], at[0] + i);
        }
    }
}
