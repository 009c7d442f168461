package torrefy.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import torrefy.core.memory.HostFloats;
import torrefy.core.memory.NdArray;
import torrefy.core.random.Distributions;
import torrefy.core.random.RandomKey;
import torrefy.core.shape.Layout;
import torrefy.core.shape.Shape;

/// An array for a test, in the middle of memory that must stay as it is.
final class Sample {

    /// Elements before and behind what the array may touch: more than any vector is long.
    private static final int MARGIN = 35;

    private final NdArray array;
    private final float[] before;

    private Sample(NdArray array) {
        this.array = array;
        this.before = array.floats().clone();
    }

    /// Standard normal numbers, different for every `seed`.
    static Sample normal(int seed, Placement placement, int... sizes) {
        return normal(seed, placement.layout(Shape.of(sizes)));
    }

    /// Standard normal numbers under `layout`.
    static Sample normal(int seed, Layout layout) {
        NdArray array = place(layout);
        Distributions.normal(RandomKey.of(seed), array.floats(), 0, array.floats().length);
        return new Sample(array);
    }

    /// Standard normal numbers, row-major.
    static Sample normal(int seed, int... sizes) {
        return normal(seed, Placement.CONTIGUOUS, sizes);
    }

    /// For a result: holds NaN, so that what is not assigned is seen.
    static Sample unset(Placement placement, int... sizes) {
        return unset(placement.layout(Shape.of(sizes)));
    }

    static Sample unset(Layout layout) {
        NdArray array = place(layout);
        Arrays.fill(array.floats(), Float.NaN);
        return new Sample(array);
    }

    static Sample unset(int... sizes) {
        return unset(Placement.CONTIGUOUS, sizes);
    }

    /// `values`, row-major.
    static Sample of(float[] values, int... sizes) {
        NdArray array = place(Layout.contiguous(Shape.of(sizes)));
        System.arraycopy(values, 0, array.floats(), array.start(), values.length);
        return new Sample(array);
    }

    private static NdArray place(Layout layout) {
        int last = layout.offset();
        for (int axis = 0; axis < layout.shape().rank(); axis++) {
            last += Math.max(0, layout.shape().size(axis) - 1) * layout.stride(axis);
        }
        float[] memory = new float[MARGIN + last + 1 + MARGIN];
        return new NdArray(HostFloats.over(memory).slice(MARGIN, last + 1), layout);
    }

    /// The same sample with every number in memory replaced by `f` of it.
    Sample map(DoubleUnaryOperator f) {
        float[] memory = array.floats();
        for (int i = 0; i < memory.length; i++) {
            memory[i] = (float) f.applyAsDouble(memory[i]);
        }
        return new Sample(array);
    }

    NdArray array() {
        return array;
    }

    /// Where the elements are in the Java array, in row-major order.
    static int[] positions(NdArray array) {
        int[] positions = new int[array.elements()];
        for (int i = 0; i < positions.length; i++) {
            int rest = i;
            int position = array.start();
            for (int axis = array.rank() - 1; axis >= 0; axis--) {
                position += rest % array.size(axis) * array.stride(axis);
                rest /= array.size(axis);
            }
            positions[i] = position;
        }
        return positions;
    }

    /// The elements now, in row-major order.
    double[] values() {
        return pick(array.floats());
    }

    /// The elements when the sample was made, in row-major order.
    double[] before() {
        return pick(before);
    }

    private double[] pick(float[] memory) {
        return Arrays.stream(positions(array)).mapToDouble(i -> memory[i]).toArray();
    }

    /// Fails if memory that is not the array's own has changed.
    void assertNothingElseChanged() {
        float[] expected = before.clone();
        for (int position : positions(array)) {
            expected[position] = array.floats()[position];
        }
        for (int i = 0; i < expected.length; i++) {
            assertEquals(
                    Float.floatToRawIntBits(expected[i]),
                    Float.floatToRawIntBits(array.floats()[i]),
                    "memory outside the array was written, at index " + i + " of " + array.layout());
        }
    }

    /// Fails unless every element is within `tolerance·scale[i]` of `expected[i]`, and the memory around is untouched.
    ///
    /// @param scale the size of what was added up to the element: rounding errors are in proportion to it
    void assertIs(double[] expected, double[] scale, double tolerance, String what) {
        double[] actual = values();
        assertEquals(expected.length, actual.length, what);
        for (int i = 0; i < actual.length; i++) {
            double error = Math.abs(actual[i] - expected[i]);
            if (actual[i] != expected[i] && !(error <= tolerance * scale[i])) {
                throw new AssertionError(what + ", element " + i + " of " + array.layout() + ": expected " + expected[i]
                        + ", got " + actual[i] + ", which is " + error / scale[i] + " of the scale " + scale[i]
                        + " away; allowed are " + tolerance);
            }
        }
        assertNothingElseChanged();
    }

    /// [#assertIs] with the expected magnitudes as scale.
    void assertIs(double[] expected, double tolerance, String what) {
        assertIs(expected, Arrays.stream(expected).map(Math::abs).toArray(), tolerance, what);
    }

    /// Fails unless every element is exactly `expected[i]` and the memory around is untouched.
    void assertIs(double[] expected, String what) {
        assertIs(expected, new double[expected.length], 0, what);
    }
}
