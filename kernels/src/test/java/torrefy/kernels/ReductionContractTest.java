package torrefy.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static torrefy.kernels.Placement.READABLE;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.ReductionKernels;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;

@EveryColumn
class ReductionContractTest {

    /// An input's shape and the axes that are reduced.
    private record Case(int[] shape, int... axes) {
        int[] reduced() {
            return Shape.of(shape).reduced(axes).sizes();
        }
    }

    private static Case of(int[] shape, int... axes) {
        return new Case(shape, axes);
    }

    private static int[] shape(int... sizes) {
        return sizes;
    }

    private static final Case[] CASES = {
        of(shape(1), 0),
        of(shape(7), 0),
        of(shape(207), 0),
        of(shape(4098), 0),
        of(shape(13, 31), 0),
        of(shape(13, 31), 1),
        of(shape(13, 31), 0, 1),
        of(shape(1, 31), 0),
        of(shape(207, 1), 1),
        of(shape(3, 207), 1),
        of(shape(207, 3), 0),
        of(shape(7, 13, 31), 1),
        of(shape(7, 13, 31), 0, 2),
        of(shape(7, 13, 31), 0, 1),
        of(shape(2, 3, 4, 5), 1, 3),
        of(shape(2, 3, 4, 5), 0, 2),
        // Long enough to be cut into several pieces, along and across memory.
        of(shape(2, 40_000), 1),
        of(shape(40_000, 2), 0),
        of(shape(207, 331), 0, 1),
        of(shape(70, 700), 0),
    };

    private final Column column;
    private final ReductionKernels kernels;

    ReductionContractTest(Column column) {
        this.column = column;
        this.kernels = column.backend().reduction();
    }

    /// The index of the result that element `i` of the input goes to.
    private static int target(Case c, int i) {
        Shape in = Shape.of(c.shape);
        int target = 0;
        int inside = 1;
        int rest = i;
        for (int axis = in.rank() - 1; axis >= 0; axis--) {
            int position = rest % in.size(axis);
            rest /= in.size(axis);
            if (c.reduced()[axis] != 1) {
                target += position * inside;
                inside *= in.size(axis);
            }
        }
        return target;
    }

    @Test
    void sumsFollowTheDefinition() {
        for (Case c : CASES) {
            for (Placement place : READABLE) {
                Sample in = Sample.normal(1, place, c.shape);
                double[] x = in.values();
                int results = Shape.of(c.reduced()).elements();
                double[] expected = new double[results];
                double[] scale = new double[results];
                for (int i = 0; i < x.length; i++) {
                    expected[target(c, i)] += x[i];
                    scale[target(c, i)] += Math.abs(x[i]);
                }
                double tolerance = Rounding.sum(x.length / results);
                String what = "sum of " + in.array().layout() + " over " + Arrays.toString(c.axes);
                Sample out = Sample.unset(c.reduced());
                kernels.sum(out.array(), in.array(), false);
                out.assertIs(expected, scale, tolerance, what);

                Sample more = Sample.normal(2, c.reduced());
                double[] before = more.before();
                Arrays.setAll(expected, i -> expected[i] + before[i]);
                Arrays.setAll(scale, i -> scale[i] + Math.abs(before[i]));
                kernels.sum(more.array(), in.array(), true);
                more.assertIs(expected, scale, tolerance, what + ", accumulated");
            }
        }
    }

    @Test
    void maximaFollowTheDefinition() {
        for (Case c : CASES) {
            for (Placement place : READABLE) {
                // All negative, so that a 0 that is not in the input is seen.
                Sample in = Sample.normal(3, place, c.shape).map(v -> -Math.abs(v) - 1);
                double[] x = in.values();
                double[] expected = new double[Shape.of(c.reduced()).elements()];
                Arrays.fill(expected, Double.NEGATIVE_INFINITY);
                for (int i = 0; i < x.length; i++) {
                    expected[target(c, i)] = Math.max(expected[target(c, i)], x[i]);
                }
                Sample out = Sample.unset(c.reduced());
                kernels.max(out.array(), in.array());
                out.assertIs(expected, "max of " + in.array().layout() + " over " + Arrays.toString(c.axes));
            }
        }
    }

    @Test
    void maximumIsNaNWhereAnElementIs() {
        for (int axis = 0; axis <= 1; axis++) {
            for (int at : new int[] {0, 5, 36, 37 * 20 - 1}) {
                Sample in = Sample.normal(4, 20, 37);
                in.array().floats()[in.array().start() + at] = Float.NaN;
                Sample out = Sample.unset(Shape.of(20, 37).reduced(axis).sizes());
                kernels.max(out.array(), in.array());
                int wanted = axis == 0 ? at % 37 : at / 37;
                double[] largest = out.values();
                for (int i = 0; i < largest.length; i++) {
                    assertEquals(i == wanted, Double.isNaN(largest[i]), "NaN at " + at + ", result " + i);
                }
            }
        }
    }

    @Test
    void sumOfNothingIsZero() {
        Sample out = Sample.unset(1, 7);
        kernels.sum(out.array(), Sample.normal(5, 0, 7).array(), false);
        out.assertIs(new double[7], "sum over an empty axis");
        Sample kept = Sample.normal(6, 1, 7);
        kernels.sum(kept.array(), Sample.normal(5, 0, 7).array(), true);
        kept.assertIs(kept.before(), "nothing added");
        kernels.sum(Sample.unset(0, 1).array(), Sample.normal(5, 0, 7).array(), false);
        assertEquals(0, kernels.sumOfSquares(Sample.normal(5, 0).array()));
        assertTrue(kernels.allFinite(Sample.normal(5, 0).array()));
    }

    @Test
    void sumOfSquaresIsAddedInDoublePrecision() {
        for (int n : new int[] {1, 7, 13, 31, 207, 4098, 100_000}) {
            Sample in = Sample.normal(7, Placement.OFFSET, n).map(x -> 1000 * x);
            double expected = Arrays.stream(in.values()).map(x -> x * x).sum();
            // n additions of positive doubles.
            assertEquals(expected, kernels.sumOfSquares(in.array()), expected * n * 0x1p-53);
        }
    }

    @Test
    void sumOfSquaresDoesNotOverflowWhereFloatsWould() {
        Sample in = Sample.normal(8, 37).map(x -> 1e30);
        assertEquals(37e60, kernels.sumOfSquares(in.array()), 37e60 * 2 * Rounding.UNIT);
    }

    @Test
    void oneElementThatIsNotFiniteIsSeen() {
        for (int n : new int[] {1, 7, 31, 207, 4098, 50_000}) {
            Sample in = Sample.normal(9, Placement.OFFSET, n).map(x -> 1e38 * Math.signum(x));
            assertTrue(kernels.allFinite(in.array()), n + " large elements");
            for (int at : new int[] {0, n / 2, n - 1}) {
                for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                    float[] memory = in.array().floats();
                    int position = in.array().start() + at;
                    float good = memory[position];
                    memory[position] = bad;
                    assertFalse(kernels.allFinite(in.array()), bad + " at " + at + " of " + n);
                    memory[position] = good;
                }
            }
        }
    }

    @Test
    void bitsDoNotDependOnThreads() {
        for (Case c : CASES) {
            for (Placement place : new Placement[] {Placement.CONTIGUOUS, Placement.TRANSPOSED}) {
                NdArray in = Sample.normal(10, place, c.shape).array();
                column.assertSameBitsOnAnyThreads(backend -> {
                    Sample out = Sample.unset(c.reduced());
                    backend.reduction().sum(out.array(), in, false);
                    return out.array();
                });
            }
        }
        NdArray in = Sample.normal(11, 100_000).array();
        column.assertSameBitsOnAnyThreads(backend -> {
            double sum = backend.reduction().sumOfSquares(in);
            long bits = Double.doubleToRawLongBits(sum);
            return NdArray.of(
                    new float[] {Float.intBitsToFloat((int) bits), Float.intBitsToFloat((int) (bits >> 32))}, 2);
        });
    }
}
