package torrefy.kernels.vector;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.NE;
import static torrefy.kernels.vector.Lanes.COUNT;
import static torrefy.kernels.vector.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import torrefy.core.backend.BinaryFunction;

/// A loop for each function of two numbers: array 0 is the result, the arrays 1 and 2 are the operands.
final class BinaryLoops {

    private BinaryLoops() {}

    /// The loop for `f`, or null if there is none that is faster than the scalar one.
    static Runs.Loop of(BinaryFunction f) {
        return switch (f) {
            case ADD -> BinaryLoops::add;
            case SUBTRACT -> BinaryLoops::subtract;
            case MULTIPLY -> BinaryLoops::multiply;
            case DIVIDE -> BinaryLoops::divide;
            case POWER -> null;
            case MAXIMUM -> BinaryLoops::maximum;
            case MINIMUM -> BinaryLoops::minimum;
            case GREATER -> BinaryLoops::greater;
            case EQUAL -> BinaryLoops::equal;
        };
    }

    private static FloatVector operand(float[][] arrays, int[] at, int k, int i) {
        return FloatVector.fromArray(FLOATS, arrays[k], at[k] + i);
    }

    private static void add(float[][] arrays, int[] at, int length) {
        for (int i = 0; i < length; i += COUNT) {
            operand(arrays, at, 1, i).add(operand(arrays, at, 2, i)).intoArray(arrays[0], at[0] + i);
        }
    }

    private static void subtract(float[][] arrays, int[] at, int length) {
        for (int i = 0; i < length; i += COUNT) {
            operand(arrays, at, 1, i).sub(operand(arrays, at, 2, i)).intoArray(arrays[0], at[0] + i);
        }
    }

    private static void multiply(float[][] arrays, int[] at, int length) {
        for (int i = 0; i < length; i += COUNT) {
            operand(arrays, at, 1, i).mul(operand(arrays, at, 2, i)).intoArray(arrays[0], at[0] + i);
        }
    }

    private static void divide(float[][] arrays, int[] at, int length) {
        for (int i = 0; i < length; i += COUNT) {
            operand(arrays, at, 1, i).div(operand(arrays, at, 2, i)).intoArray(arrays[0], at[0] + i);
        }
    }

    private static void maximum(float[][] arrays, int[] at, int length) {
        for (int i = 0; i < length; i += COUNT) {
            operand(arrays, at, 1, i).max(operand(arrays, at, 2, i)).intoArray(arrays[0], at[0] + i);
        }
    }

    private static void minimum(float[][] arrays, int[] at, int length) {
        for (int i = 0; i < length; i += COUNT) {
            operand(arrays, at, 1, i).min(operand(arrays, at, 2, i)).intoArray(arrays[0], at[0] + i);
        }
    }

    private static void greater(float[][] arrays, int[] at, int length) {
        FloatVector zero = FloatVector.zero(FLOATS);
        for (int i = 0; i < length; i += COUNT) {
            FloatVector a = operand(arrays, at, 1, i);
            zero.blend(1, a.compare(GT, operand(arrays, at, 2, i))).intoArray(arrays[0], at[0] + i);
        }
    }

    private static void equal(float[][] arrays, int[] at, int length) {
        FloatVector zero = FloatVector.zero(FLOATS);
        for (int i = 0; i < length; i += COUNT) {
            FloatVector a = operand(arrays, at, 1, i);
            zero.blend(1, a.compare(EQ, operand(arrays, at, 2, i))).intoArray(arrays[0], at[0] + i);
        }
    }

    /// `out = a` where the condition is not 0, else `b`: arrays 0, 1 (the condition), 2, 3.
    static void where(float[][] arrays, int[] at, int length) {
        for (int i = 0; i < length; i += COUNT) {
            FloatVector condition = operand(arrays, at, 1, i);
            operand(arrays, at, 3, i)
                    .blend(operand(arrays, at, 2, i), condition.compare(NE, 0))
                    .intoArray(arrays[0], at[0] + i);
        }
    }

    /// `out = scale·in + shift`
    static void affine(float[][] arrays, int[] at, int length, float scale, float shift) {
        for (int i = 0; i < length; i += COUNT) {
            operand(arrays, at, 1, i).mul(scale).add(shift).intoArray(arrays[0], at[0] + i);
        }
    }

    /// `out += scale·in`
    static void accumulate(float[][] arrays, int[] at, int length, float scale) {
        for (int i = 0; i < length; i += COUNT) {
            FloatVector scaled = operand(arrays, at, 1, i).mul(scale);
            operand(arrays, at, 0, i).add(scaled).intoArray(arrays[0], at[0] + i);
        }
    }
}
