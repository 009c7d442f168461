package torrefy.kernels.vector;

import static jdk.incubator.vector.VectorOperators.GT;
import static torrefy.kernels.vector.Lanes.COUNT;
import static torrefy.kernels.vector.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// What the kernels that work row by row do with a row: `length` neighbours in an array.
///
/// What is left over at the end of a row is done with masked registers. A masked lane takes no part in a sum.
final class Rows {

    /// Sums of more numbers than this are made of sums of so many, in double precision.
    private static final int PART = 4096;

    private Rows() {}

    /// The largest element; a NaN is passed over.
    static float max(float[] x, int at, int length) {
        FloatVector most = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
        FloatVector most2 = most;
        int i = 0;
        for (; i <= length - 2 * COUNT; i += 2 * COUNT) {
            FloatVector v = FloatVector.fromArray(FLOATS, x, at + i);
            FloatVector w = FloatVector.fromArray(FLOATS, x, at + i + COUNT);
            most = most.blend(v, v.compare(GT, most));
            most2 = most2.blend(w, w.compare(GT, most2));
        }
        float largest = most.blend(most2, most2.compare(GT, most)).reduceLanes(VectorOperators.MAX);
        for (; i < length; i++) {
            float v = x[at + i];
            largest = v > largest ? v : largest;
        }
        return largest;
    }

    /// `out = x·scale`; returns the largest element of out.
    static float scaleAndMax(float[] x, int at, int length, float scale) {
        FloatVector most = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
        int i = 0;
        for (; i <= length - COUNT; i += COUNT) {
            FloatVector v = FloatVector.fromArray(FLOATS, x, at + i).mul(scale);
            v.intoArray(x, at + i);
            most = most.blend(v, v.compare(GT, most));
        }
        float largest = most.reduceLanes(VectorOperators.MAX);
        for (; i < length; i++) {
            float v = x[at + i] * scale;
            x[at + i] = v;
            largest = v > largest ? v : largest;
        }
        return largest;
    }

    /// `Σ exp(x − shift)`
    static double sumOfExp(float[] x, int at, int length, float shift) {
        double sum = 0;
        for (int from = 0; from < length; from += PART) {
            sum += partOfSumOfExp(x, at + from, Math.min(PART, length - from), shift);
        }
        return sum;
    }

    private static float partOfSumOfExp(float[] x, int at, int length, float shift) {
        FloatVector sum = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i <= length - COUNT; i += COUNT) {
            sum = sum.add(Functions.exp(FloatVector.fromArray(FLOATS, x, at + i).sub(shift)));
        }
        return Lanes.sum(sum) + (i < length ? restOfSumOfExp(x, at + i, length - i, shift) : 0);
    }

    /// Less than a register. It has a method of its own because C2 stops inlining in a large one.
    private static float restOfSumOfExp(float[] x, int at, int length, float shift) {
        VectorMask<Float> rest = FLOATS.indexInRange(0, length);
        FloatVector e = Functions.exp(FloatVector.fromArray(FLOATS, x, at, rest).sub(shift));
        return Lanes.sum(FloatVector.zero(FLOATS).blend(e, rest));
    }

    /// `out = exp(x − shift)`; returns `Σ out`.
    static double expAndSum(float[] out, int to, float[] x, int at, int length, float shift) {
        double sum = 0;
        for (int from = 0; from < length; from += PART) {
            sum += partOfExpAndSum(out, to + from, x, at + from, Math.min(PART, length - from), shift);
        }
        return sum;
    }

    private static float partOfExpAndSum(float[] out, int to, float[] x, int at, int length, float shift) {
        FloatVector sum = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i <= length - COUNT; i += COUNT) {
            FloatVector e =
                    Functions.exp(FloatVector.fromArray(FLOATS, x, at + i).sub(shift));
            e.intoArray(out, to + i);
            sum = sum.add(e);
        }
        return Lanes.sum(sum) + (i < length ? restOfExpAndSum(out, to + i, x, at + i, length - i, shift) : 0);
    }

    private static float restOfExpAndSum(float[] out, int to, float[] x, int at, int length, float shift) {
        VectorMask<Float> rest = FLOATS.indexInRange(0, length);
        FloatVector e = Functions.exp(FloatVector.fromArray(FLOATS, x, at, rest).sub(shift));
        e.intoArray(out, to, rest);
        return Lanes.sum(FloatVector.zero(FLOATS).blend(e, rest));
    }

    /// `out += x`
    static void add(float[] out, int to, float[] x, int at, int length) {
        int i = 0;
        for (; i <= length - COUNT; i += COUNT) {
            FloatVector.fromArray(FLOATS, out, to + i)
                    .add(FloatVector.fromArray(FLOATS, x, at + i))
                    .intoArray(out, to + i);
        }
        for (; i < length; i++) {
            out[to + i] += x[at + i];
        }
    }

    /// `out = scale·exp(x − shift)`, added to `out` if `accumulate`
    static void scaledExp(
            float[] out, int to, float[] x, int at, int length, float shift, float scale, boolean accumulate) {
        int i = 0;
        for (; i <= length - COUNT; i += COUNT) {
            FloatVector e = Functions.exp(
                            FloatVector.fromArray(FLOATS, x, at + i).sub(shift))
                    .mul(scale);
            if (accumulate) {
                e = e.add(FloatVector.fromArray(FLOATS, out, to + i));
            }
            e.intoArray(out, to + i);
        }
        if (i < length) {
            VectorMask<Float> rest = FLOATS.indexInRange(i, length);
            FloatVector e = Functions.exp(
                            FloatVector.fromArray(FLOATS, x, at + i, rest).sub(shift))
                    .mul(scale);
            if (accumulate) {
                e = e.add(FloatVector.fromArray(FLOATS, out, to + i, rest));
            }
            e.intoArray(out, to + i, rest);
        }
    }

    /// `x *= scale`
    static void scale(float[] x, int at, int length, float scale) {
        int i = 0;
        for (; i <= length - COUNT; i += COUNT) {
            FloatVector.fromArray(FLOATS, x, at + i).mul(scale).intoArray(x, at + i);
        }
        for (; i < length; i++) {
            x[at + i] *= scale;
        }
    }

    /// `out = x + y`
    static void sum(float[] out, int to, float[] x, int at, float[] y, int from, int length) {
        int i = 0;
        for (; i <= length - COUNT; i += COUNT) {
            FloatVector.fromArray(FLOATS, x, at + i)
                    .add(FloatVector.fromArray(FLOATS, y, from + i))
                    .intoArray(out, to + i);
        }
        for (; i < length; i++) {
            out[to + i] = x[at + i] + y[from + i];
        }
    }

    /// `out = x − shift`
    static void subtract(float[] out, int to, float[] x, int at, int length, float shift) {
        int i = 0;
        for (; i <= length - COUNT; i += COUNT) {
            FloatVector.fromArray(FLOATS, x, at + i).sub(shift).intoArray(out, to + i);
        }
        for (; i < length; i++) {
            out[to + i] = x[at + i] - shift;
        }
    }

    /// `Σ x`
    static float sum(float[] x, int at, int length) {
        FloatVector sum = FloatVector.zero(FLOATS);
        FloatVector sum2 = sum;
        int i = 0;
        for (; i <= length - 2 * COUNT; i += 2 * COUNT) {
            sum = sum.add(FloatVector.fromArray(FLOATS, x, at + i));
            sum2 = sum2.add(FloatVector.fromArray(FLOATS, x, at + i + COUNT));
        }
        float total = Lanes.sum(sum.add(sum2));
        for (; i < length; i++) {
            total += x[at + i];
        }
        return total;
    }

    /// `Σ x·y`
    static float dot(float[] x, int at, float[] y, int from, int length) {
        FloatVector sum = FloatVector.zero(FLOATS);
        FloatVector sum2 = sum;
        int i = 0;
        for (; i <= length - 2 * COUNT; i += 2 * COUNT) {
            sum = FloatVector.fromArray(FLOATS, x, at + i).fma(FloatVector.fromArray(FLOATS, y, from + i), sum);
            sum2 = FloatVector.fromArray(FLOATS, x, at + i + COUNT)
                    .fma(FloatVector.fromArray(FLOATS, y, from + i + COUNT), sum2);
        }
        float total = Lanes.sum(sum.add(sum2));
        for (; i < length; i++) {
            total += x[at + i] * y[from + i];
        }
        return total;
    }
}
