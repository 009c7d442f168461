package torrefy.kernels.vector;

import static torrefy.kernels.vector.Lanes.COUNT;
import static torrefy.kernels.vector.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import torrefy.core.backend.UnaryFunction;

/// A loop for each function of one number: array 0 is the result, array 1 the operand.
///
/// Each has a loop of its own, not one that is told what to do, because C2 keeps registers only where it sees the
/// whole loop.
final class UnaryLoops {

    private UnaryLoops() {}

    /// The loop for `f`, or null if there is none that is faster than the scalar one.
    static Runs.Loop of(UnaryFunction f) {
        return switch (f) {
            case NEGATE -> UnaryLoops::negate;
            case EXP -> UnaryLoops::exp;
            case LOG -> null;
            case SQRT -> UnaryLoops::sqrt;
            case RECIPROCAL -> UnaryLoops::reciprocal;
            case ABS -> UnaryLoops::abs;
            case TANH -> UnaryLoops::tanh;
            case SIGMOID -> UnaryLoops::sigmoid;
            case RELU -> UnaryLoops::relu;
            case GELU_TANH -> UnaryLoops::geluTanh;
            case GELU_ERF -> UnaryLoops::geluErf;
            case SILU -> UnaryLoops::silu;
        };
    }

    private static FloatVector in(float[][] arrays, int[] at, int i) {
        return FloatVector.fromArray(FLOATS, arrays[1], at[1] + i);
    }

    private static void negate(float[][] arrays, int[] at, int length) {
        for (int i = 0; i < length; i += COUNT) {
            in(arrays, at, i).neg().intoArray(arrays[0], at[0] + i);
        }
    }

    private static void exp(float[][] arrays, int[] at, int length) {
        for (int i = 0; i < length; i += COUNT) {
            Functions.exp(in(arrays, at, i)).intoArray(arrays[0], at[0] + i);
        }
    }

    private static void sqrt(float[][] arrays, int[] at, int length) {
        for (int i = 0; i < length; i += COUNT) {
            in(arrays, at, i).sqrt().intoArray(arrays[0], at[0] + i);
        }
    }

    private static void reciprocal(float[][] arrays, int[] at, int length) {
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        for (int i = 0; i < length; i += COUNT) {
            one.div(in(arrays, at, i)).intoArray(arrays[0], at[0] + i);
        }
    }

    private static void abs(float[][] arrays, int[] at, int length) {
        for (int i = 0; i < length; i += COUNT) {
            in(arrays, at, i).abs().intoArray(arrays[0], at[0] + i);
        }
    }

    private static void tanh(float[][] arrays, int[] at, int length) {
        for (int i = 0; i < length; i += COUNT) {
            Functions.tanh(in(arrays, at, i)).intoArray(arrays[0], at[0] + i);
        }
    }

    private static void sigmoid(float[][] arrays, int[] at, int length) {
        for (int i = 0; i < length; i += COUNT) {
            Functions.sigmoid(in(arrays, at, i)).intoArray(arrays[0], at[0] + i);
        }
    }

    private static void relu(float[][] arrays, int[] at, int length) {
        for (int i = 0; i < length; i += COUNT) {
            in(arrays, at, i).max(0).intoArray(arrays[0], at[0] + i);
        }
    }

    private static void geluTanh(float[][] arrays, int[] at, int length) {
        for (int i = 0; i < length; i += COUNT) {
            FloatVector x = in(arrays, at, i);
            x.mul(Functions.geluTanhGate(x)).intoArray(arrays[0], at[0] + i);
        }
    }

    private static void geluErf(float[][] arrays, int[] at, int length) {
        for (int i = 0; i < length; i += COUNT) {
            FloatVector x = in(arrays, at, i);
            x.mul(Functions.normalDistribution(x, Functions.bell(x))).intoArray(arrays[0], at[0] + i);
        }
    }

    private static void silu(float[][] arrays, int[] at, int length) {
        for (int i = 0; i < length; i += COUNT) {
            FloatVector x = in(arrays, at, i);
            x.mul(Functions.sigmoid(x)).intoArray(arrays[0], at[0] + i);
        }
    }
}
