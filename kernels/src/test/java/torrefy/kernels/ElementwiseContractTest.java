package torrefy.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static torrefy.kernels.Placement.CONTIGUOUS;
import static torrefy.kernels.Placement.READABLE;
import static torrefy.kernels.Placement.TRANSPOSED;
import static torrefy.kernels.Placement.WRITABLE;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import torrefy.core.backend.BinaryFunction;
import torrefy.core.backend.ElementwiseKernels;
import torrefy.core.backend.UnaryFunction;
import torrefy.core.memory.Bfloat16;
import torrefy.core.memory.HostBfloat16s;
import torrefy.core.memory.HostInts;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Layout;
import torrefy.core.shape.Shape;

@EveryColumn
class ElementwiseContractTest {

    private static final int[][] SHAPES = {
        {}, {1}, {7}, {13}, {31}, {207}, {4098}, {3, 7}, {13, 31}, {7, 1, 13}, {2, 3, 4, 5}, {0}, {3, 0, 2}
    };

    private static final int[] LARGE = {207, 331};

    /// A function of the library, of a few operations, each rounded.
    private static final double FEW_ROUNDINGS = 8 * Rounding.UNIT;

    private final Column column;
    private final ElementwiseKernels kernels;

    ElementwiseContractTest(Column column) {
        this.column = column;
        this.kernels = column.backend().elementwise();
    }

    private interface Case {
        void run(Placement out, Placement in, int[] shape);
    }

    private static void everywhere(Case body) {
        for (int[] shape : SHAPES) {
            for (Placement out : WRITABLE) {
                for (Placement in : READABLE) {
                    // The long ones take their time, and four ways of lying are enough for them.
                    if (Shape.of(shape).elements() < 1000 || out == in) {
                        body.run(out, in, shape);
                    }
                }
            }
        }
    }

    /// A placement other than `first`, a different one for every `n`.
    private static Placement another(Placement first, int n) {
        return READABLE[(first.ordinal() + n) % READABLE.length];
    }

    @Test
    void fillWritesTheValueAndNothingElse() {
        everywhere((place, unused, shape) -> {
            Sample out = Sample.unset(place, shape);
            kernels.fill(out.array(), 2.5f);
            double[] expected = new double[out.array().elements()];
            Arrays.fill(expected, 2.5);
            out.assertIs(expected, "fill");
        });
    }

    @Test
    void fillCutsToWholeNumbersInIntegerArrays() {
        HostInts memory = HostInts.zeros(40);
        kernels.fill(new NdArray(memory, Layout.contiguous(Shape.of(5, 8)).slice(1, 3, 4)), -3.7f);
        int[] expected = new int[40];
        for (int i = 0; i < 40; i++) {
            expected[i] = i % 8 >= 3 && i % 8 < 7 ? -3 : 0;
        }
        assertArrayEquals(expected, memory.array());
    }

    @Test
    void copyKeepsEveryBit() {
        everywhere((place, from, shape) -> {
            Sample out = Sample.unset(place, shape);
            Sample in = Sample.normal(1, from, shape);
            kernels.copy(out.array(), in.array());
            out.assertIs(in.values(), "copy");
        });
    }

    @Test
    void copyKeepsIntegers() {
        for (int n : new int[] {1, 7, 207, 4098}) {
            int[] values = IntStream.range(0, 3 * n).map(i -> i * 0x9E3779B9).toArray();
            NdArray in = NdArray.of(values, 3, n);
            HostInts out = HostInts.zeros(3 * n);
            kernels.copy(NdArray.of(out, Shape.of(n, 3)), in.with(in.layout().transpose(0, 1)));
            int[] expected = new int[3 * n];
            Arrays.setAll(expected, i -> values[i % 3 * n + i / 3]);
            assertArrayEquals(expected, out.array());
        }
    }

    @Test
    void copyRoundsToBfloat16AsTheDefinitionSays() {
        for (int[] shape : new int[][] {{1}, {7}, {207}, {4098}, {13, 31}}) {
            for (Placement place : new Placement[] {CONTIGUOUS, TRANSPOSED}) {
                Sample in = Sample.normal(2, place, shape);
                float[] memory = in.array().floats();
                memory[in.array().start()] = Float.NaN;
                // Halfway between two bfloat16s, once above an even and once above an odd one.
                memory[in.array().start() + in.array().elements() / 2] = Float.intBitsToFloat(0x3f808000);
                memory[in.array().start() + in.array().elements() / 3] = Float.intBitsToFloat(0x3f818000);
                HostBfloat16s halves = HostBfloat16s.zeros(in.array().elements());
                NdArray out = NdArray.of(halves, in.array().shape());
                kernels.copy(out, in.array());
                int[] positions = Sample.positions(in.array());
                for (int i = 0; i < positions.length; i++) {
                    assertEquals(Bfloat16.fromFloat(memory[positions[i]]), halves.array()[i]);
                }
                Sample back = Sample.unset(place, shape);
                kernels.copy(back.array(), out);
                double[] expected = new double[positions.length];
                Arrays.setAll(expected, i -> Bfloat16.toFloat(halves.array()[i]));
                double[] got = back.values();
                for (int i = 0; i < got.length; i++) {
                    assertEquals(expected[i], got[i]);
                }
                HostBfloat16s again = HostBfloat16s.zeros(in.array().elements());
                kernels.copy(NdArray.of(again, in.array().shape()), out);
                assertArrayEquals(halves.array(), again.array());
            }
        }
    }

    @Test
    void affineAndAccumulateFollowTheirFormulas() {
        everywhere((place, from, shape) -> {
            Sample in = Sample.normal(3, from, shape);
            double[] x = in.values();
            Sample out = Sample.unset(place, shape);
            kernels.affine(out.array(), in.array(), -1.5f, 0.25f);
            double[] expected = Arrays.stream(x).map(v -> -1.5 * v + 0.25).toArray();
            double[] scale = Arrays.stream(x).map(v -> 1.5 * Math.abs(v) + 0.25).toArray();
            out.assertIs(expected, scale, 2 * Rounding.UNIT, "affine");

            Sample sum = Sample.normal(4, place, shape);
            double[] before = sum.before();
            kernels.accumulate(sum.array(), in.array(), 0.3f);
            Arrays.setAll(expected, i -> before[i] + (double) 0.3f * x[i]);
            Arrays.setAll(scale, i -> Math.abs(before[i]) + 0.3 * Math.abs(x[i]));
            sum.assertIs(expected, scale, 2 * Rounding.UNIT, "accumulate");
        });
    }

    @ParameterizedTest
    @EnumSource
    void unaryFunctionsHaveTheirValues(UnaryFunction f) {
        everywhere((place, from, shape) -> {
            Sample in = Sample.normal(5, from, shape).map(x -> argument(f, x));
            double[] x = in.values();
            double[] expected = Arrays.stream(x).map(v -> Reference.value(f, v)).toArray();
            double[] scale = new double[x.length];
            Arrays.setAll(scale, i -> Reference.scale(f, x[i], expected[i]));
            Sample out = Sample.unset(place, shape);
            kernels.unary(f, out.array(), in.array());
            out.assertIs(expected, scale, FEW_ROUNDINGS, f.name());
        });
    }

    @ParameterizedTest
    @EnumSource
    void unaryGradientIsTheSlopeTimesTheGradientBehind(UnaryFunction f) {
        everywhere((place, from, shape) -> {
            Sample in = Sample.normal(6, from, shape).map(x -> argument(f, x));
            double[] x = in.values();
            Sample out = Sample.unset(WRITABLE[from.ordinal() % WRITABLE.length], shape);
            kernels.unary(f, out.array(), in.array());
            Sample dOut = Sample.normal(7, another(from, 2), shape);
            double[] dy = dOut.values();
            for (boolean accumulate : new boolean[] {false, true}) {
                Sample dIn = accumulate ? Sample.normal(8, place, shape) : Sample.unset(place, shape);
                double[] before = dIn.before();
                kernels.unaryGradient(f, dIn.array(), in.array(), out.array(), dOut.array(), accumulate);
                double[] expected = new double[x.length];
                Arrays.setAll(expected, i -> dy[i] * Reference.slope(f, x[i]) + (accumulate ? before[i] : 0));
                double[] scale = new double[x.length];
                Arrays.setAll(
                        scale,
                        i -> Math.abs(dy[i]) * Reference.slopeScale(f, x[i]) + (accumulate ? Math.abs(before[i]) : 0));
                dIn.assertIs(expected, scale, 2 * FEW_ROUNDINGS, "gradient of " + f);
            }
        });
    }

    /// A normal number brought into the domain of f, away from where it is steep.
    private static double argument(UnaryFunction f, double x) {
        return switch (f) {
            case LOG, SQRT, RECIPROCAL -> Math.abs(x) + 0.125;
            default -> 3 * x;
        };
    }

    @Test
    void unaryFunctionsTakeExtremeArguments() {
        float inf = Float.POSITIVE_INFINITY;
        assertValue(UnaryFunction.EXP, 100, inf);
        assertValue(UnaryFunction.EXP, -200, 0);
        assertValue(UnaryFunction.EXP, -inf, 0);
        assertValue(UnaryFunction.LOG, 0, -inf);
        assertValue(UnaryFunction.LOG, -1, Float.NaN);
        assertValue(UnaryFunction.SQRT, -1, Float.NaN);
        assertValue(UnaryFunction.SIGMOID, -200, 0);
        assertValue(UnaryFunction.SIGMOID, 200, 1);
        assertValue(UnaryFunction.TANH, 100, 1);
        assertValue(UnaryFunction.TANH, -100, -1);
        for (UnaryFunction f :
                new UnaryFunction[] {UnaryFunction.GELU_TANH, UnaryFunction.GELU_ERF, UnaryFunction.SILU}) {
            assertValue(f, 1000, 1000);
            assertValue(f, -1000, 0);
            assertValue(f, 0, 0);
        }
        for (UnaryFunction f : UnaryFunction.values()) {
            assertValue(f, Float.NaN, Float.NaN);
        }
    }

    /// At every place of a run: in whole vectors and in the remainder.
    private void assertValue(UnaryFunction f, float x, float expected) {
        Sample in = Sample.normal(9, 37).map(v -> x);
        Sample out = Sample.unset(37);
        kernels.unary(f, out.array(), in.array());
        for (double y : out.values()) {
            // −0 and numbers too small for a vector unit's normal range count as 0.
            assertTrue(
                    Float.isNaN(expected) ? Double.isNaN(y) : y == expected || Math.abs(y - expected) < 1e-37,
                    f + "(" + x + ") = " + y);
        }
    }

    @ParameterizedTest
    @EnumSource
    void binaryFunctionsHaveTheirValues(BinaryFunction f) {
        everywhere((place, from, shape) -> {
            Sample a = Sample.normal(10, from, shape);
            if (f == BinaryFunction.POWER) {
                a.map(x -> Math.abs(x) + 0.125);
            }
            for (Placement other : new Placement[] {from, another(from, 1), another(from, 2)}) {
                // Whole numbers are equal often enough.
                Sample b = Sample.normal(11, other, shape).map(x -> f == BinaryFunction.EQUAL ? Math.rint(x) : x);
                if (f == BinaryFunction.EQUAL) {
                    a.map(Math::rint);
                }
                double[] x = a.values();
                double[] y = b.values();
                double[] expected = new double[x.length];
                Arrays.setAll(expected, i -> Reference.value(f, x[i], y[i]));
                double[] scale = new double[x.length];
                Arrays.setAll(scale, i -> switch (f) {
                    case ADD, SUBTRACT -> Math.abs(x[i]) + Math.abs(y[i]);
                    default -> Math.abs(expected[i]);
                });
                Sample out = Sample.unset(place, shape);
                kernels.binary(f, out.array(), a.array(), b.array());
                out.assertIs(expected, scale, FEW_ROUNDINGS, f.name());
            }
        });
    }

    @Test
    void powerFollowsTheLibraryOnSpecialArguments() {
        float inf = Float.POSITIVE_INFINITY;
        float[][] cases = {
            {-2, 3},
            {-2, 2},
            {-2, 0.5f},
            {0, 0},
            {0, 2},
            {0, -1},
            {5, 0},
            {2, -inf},
            {2, inf},
            {Float.NaN, 0},
            {1.5f, 2}
        };
        for (float[] pair : cases) {
            Sample a = Sample.normal(0, 37).map(v -> pair[0]);
            Sample b = Sample.normal(0, 37).map(v -> pair[1]);
            Sample out = Sample.unset(37);
            kernels.binary(BinaryFunction.POWER, out.array(), a.array(), b.array());
            for (double y : out.values()) {
                assertEquals(Math.pow(pair[0], pair[1]), y, 1e-6, pair[0] + " to the power " + pair[1]);
            }
        }
    }

    @Test
    void maximumAndMinimumAreNaNIfOneOperandIs() {
        for (BinaryFunction f : new BinaryFunction[] {BinaryFunction.MAXIMUM, BinaryFunction.MINIMUM}) {
            for (int at : new int[] {0, 5, 36}) {
                Sample a = Sample.normal(12, 37);
                Sample b = Sample.normal(13, 37);
                a.array().floats()[a.array().start() + at] = Float.NaN;
                Sample out = Sample.unset(37);
                kernels.binary(f, out.array(), a.array(), b.array());
                assertTrue(Double.isNaN(out.values()[at]));
                kernels.binary(f, out.array(), b.array(), a.array());
                assertTrue(Double.isNaN(out.values()[at]));
                assertEquals(
                        1, Arrays.stream(out.values()).filter(Double::isNaN).count());
            }
        }
    }

    @Test
    void comparisonsWithNaNAreFalse() {
        Sample a = Sample.normal(14, 37).map(x -> Double.NaN);
        Sample b = Sample.normal(15, 37);
        Sample out = Sample.unset(37);
        kernels.binary(BinaryFunction.GREATER, out.array(), a.array(), b.array());
        out.assertIs(new double[37], "NaN > b");
        kernels.binary(BinaryFunction.EQUAL, out.array(), a.array(), a.array());
        out.assertIs(new double[37], "NaN = NaN");
    }

    @Test
    void whereTakesFromTheFirstUnlessTheConditionIsZero() {
        everywhere((place, from, shape) -> {
            // NaN is not 0, and −0 is.
            Sample condition = Sample.normal(16, from, shape).map(x -> x > 1 ? Double.NaN : x > 0 ? x : -0.0);
            Sample a = Sample.normal(17, another(from, 1), shape);
            Sample b = Sample.normal(18, another(from, 4), shape);
            Sample out = Sample.unset(place, shape);
            kernels.where(out.array(), condition.array(), a.array(), b.array());
            double[] c = condition.values();
            double[] x = a.values();
            double[] y = b.values();
            double[] expected = new double[c.length];
            Arrays.setAll(expected, i -> c[i] != 0 ? x[i] : y[i]);
            out.assertIs(expected, "where");
        });
    }

    @Test
    void outMayBeAnOperand() {
        for (Placement place : WRITABLE) {
            for (int[] shape : new int[][] {{7}, {207}, {13, 31}, {4098}}) {
                Sample x = Sample.normal(19, place, shape);
                double[] before = x.before();
                kernels.affine(x.array(), x.array(), 2, 0);
                x.assertIs(Arrays.stream(before).map(v -> 2 * v).toArray(), "affine in place");
                kernels.unary(UnaryFunction.NEGATE, x.array(), x.array());
                x.assertIs(Arrays.stream(before).map(v -> -2 * v).toArray(), "unary in place");
                kernels.binary(BinaryFunction.ADD, x.array(), x.array(), x.array());
                x.assertIs(Arrays.stream(before).map(v -> -4 * v).toArray(), "binary in place");
                Sample y = Sample.normal(20, shape);
                double[] other = y.values();
                kernels.binary(BinaryFunction.MAXIMUM, x.array(), y.array(), x.array());
                double[] expected = new double[before.length];
                Arrays.setAll(expected, i -> Math.max(other[i], -4 * before[i]));
                x.assertIs(expected, "binary into the second");
                kernels.accumulate(x.array(), x.array(), 1);
                x.assertIs(Arrays.stream(expected).map(v -> 2 * v).toArray(), "accumulate itself");
                kernels.unaryGradient(UnaryFunction.RELU, x.array(), y.array(), y.array(), x.array(), false);
                Arrays.setAll(expected, i -> other[i] > 0 ? 2 * expected[i] : 0);
                x.assertIs(expected, "gradient in place");
            }
        }
    }

    @Test
    void bitsDoNotDependOnThreads() {
        for (Placement place : new Placement[] {CONTIGUOUS, TRANSPOSED}) {
            Sample a = Sample.normal(21, place, LARGE);
            Sample b = Sample.normal(22, Placement.SAME_ROW, LARGE);
            for (UnaryFunction f : UnaryFunction.values()) {
                column.assertSameBitsOnAnyThreads(backend -> {
                    Sample out = Sample.unset(LARGE);
                    backend.elementwise().unary(f, out.array(), a.array());
                    return out.array();
                });
            }
            column.assertSameBitsOnAnyThreads(backend -> {
                Sample out = Sample.unset(LARGE);
                backend.elementwise().binary(BinaryFunction.MULTIPLY, out.array(), a.array(), b.array());
                backend.elementwise().accumulate(out.array(), a.array(), 0.1f);
                return out.array();
            });
        }
    }

    @Test
    void manyPiecesGiveWhatOneWould() {
        Sample a = Sample.normal(23, TRANSPOSED, LARGE);
        Sample b = Sample.normal(24, Placement.SAME_IN_ROW, LARGE);
        Sample out = Sample.unset(Placement.GAPPED, LARGE);
        kernels.binary(BinaryFunction.MULTIPLY, out.array(), a.array(), b.array());
        double[] x = a.values();
        double[] y = b.values();
        double[] expected = new double[x.length];
        Arrays.setAll(expected, i -> x[i] * y[i]);
        out.assertIs(expected, Rounding.UNIT, "multiply");
        Sample flat = Sample.normal(25, 50_001);
        Sample copy = Sample.unset(50_001);
        kernels.copy(copy.array(), flat.array());
        copy.assertIs(flat.values(), "copy");
    }
}
