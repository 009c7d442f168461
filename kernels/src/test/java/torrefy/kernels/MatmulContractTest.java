package torrefy.kernels;

import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static torrefy.kernels.Placement.CONTIGUOUS;
import static torrefy.kernels.Placement.GAPPED;
import static torrefy.kernels.Placement.OFFSET;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.ElementwiseKernels;
import torrefy.core.backend.MatmulKernels;
import torrefy.core.backend.UnaryFunction;
import torrefy.core.memory.Bfloat16;
import torrefy.core.memory.HostBfloat16s;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Layout;
import torrefy.core.shape.Shape;

@EveryColumn
class MatmulContractTest {

    /// m, n, k
    private static final int[][] SIZES = {
        {1, 1, 1},
        {7, 13, 31},
        {31, 7, 13},
        {13, 31, 1},
        {1, 31, 7},
        {31, 1, 7},
        {1, 207, 31},
        {2, 31, 207},
        {3, 17, 5},
        {207, 31, 13},
        {31, 207, 207},
        {13, 7, 4098},
        {4098, 7, 3},
        {5, 4098, 7},
        {1, 1, 4098},
        {64, 64, 64},
        {270, 530, 140},
        {300, 1100, 1300},
        {1, 700, 501},
        {3, 901, 300},
        {2, 9001, 31}
    };

    private static final UnaryFunction[] ACTIVATIONS = {
        UnaryFunction.GELU_TANH, UnaryFunction.GELU_ERF, UnaryFunction.SILU, UnaryFunction.RELU
    };

    private final Column column;
    private final MatmulKernels kernels;

    MatmulContractTest(Column column) {
        this.column = column;
        this.kernels = column.backend().matmul();
    }

    /// How an operand of the last two axes may lie.
    private enum Side {
        ROWS,
        ROWS_WITH_GAPS,
        COLUMNS,
        COLUMNS_WITH_GAPS;

        Layout layout(int... sizes) {
            Shape shape = Shape.of(sizes);
            Shape turned = shape.with(-1, shape.size(-2)).with(-2, shape.size(-1));
            return switch (this) {
                case ROWS -> CONTIGUOUS.layout(shape);
                case ROWS_WITH_GAPS -> GAPPED.layout(shape);
                case COLUMNS -> OFFSET.layout(turned).transpose(-1, -2);
                case COLUMNS_WITH_GAPS -> GAPPED.layout(turned).transpose(-1, -2);
            };
        }
    }

    @Test
    void productsFollowTheDefinitionHoweverOperandsLie() {
        for (int[] size : SIZES) {
            boolean small = (long) size[0] * size[1] * size[2] < 50_000;
            for (Side sideA : Side.values()) {
                for (Side sideB : Side.values()) {
                    if (small || sideA.ordinal() % 2 == sideB.ordinal() / 2) {
                        check(
                                Sample.normal(1, sideA.layout(size[0], size[2])),
                                Sample.normal(2, sideB.layout(size[2], size[1])),
                                GAPPED);
                    }
                }
            }
        }
    }

    /// To the bit what the floats give that it means, bias included.
    @Test
    void theRightOperandMayBeBfloat16() {
        for (int[] size : SIZES) {
            for (Side side : Side.values()) {
                Sample a = Sample.normal(1, size[0], size[2]);
                NdArray wide = Sample.normal(2, side.layout(size[2], size[1]))
                        .map(x -> Bfloat16.toFloat(Bfloat16.fromFloat((float) x)))
                        .array();
                short[] stored = new short[wide.floats().length];
                for (int i = 0; i < stored.length; i++) {
                    stored[i] = Bfloat16.fromFloat(wide.floats()[i]);
                }
                int first = wide.start() - wide.layout().offset();
                NdArray b = new NdArray(HostBfloat16s.over(stored).slice(first, stored.length - first), wide.layout());
                Sample expected = Sample.unset(size[0], size[1]);
                Sample actual = Sample.unset(size[0], size[1]);
                kernels.matmul(expected.array(), a.array(), wide, false);
                kernels.matmul(actual.array(), a.array(), b, false);
                actual.assertIs(expected.values(), "bfloat16 " + side);
                NdArray bias = Sample.normal(3, size[1]).array();
                kernels.matmulBias(
                        expected.array(),
                        a.array(),
                        wide,
                        bias,
                        column.backend().elementwise());
                kernels.matmulBias(
                        actual.array(), a.array(), b, bias, column.backend().elementwise());
                actual.assertIs(expected.values(), "bfloat16 with bias " + side);
            }
        }
    }

    /// Text that is generated beside others must not depend on them. Sizes on both sides of the ways of multiplying a
    /// few rows, with weights by rows and by columns.
    @Test
    void onTheProcessorAFewRowsAreToTheBitWhatEachIsAlone() {
        assumeTrue(column.isOnHost());
        for (int[] size : new int[][] {{7, 13}, {207, 130}, {501, 700}, {9001, 31}, {1300, 1030}}) {
            for (Side side : Side.values()) {
                Sample a = Sample.normal(1, 16, size[1]);
                NdArray b = Sample.normal(2, side.layout(size[1], size[0])).array();
                for (int m : new int[] {16, 5, 4, 3, 2}) {
                    Sample together = Sample.unset(m, size[0]);
                    kernels.matmul(together.array(), rowsOf(a.array(), 0, m), b, false);
                    for (int row = 0; row < m; row++) {
                        Sample alone = Sample.unset(1, size[0]);
                        kernels.matmul(alone.array(), rowsOf(a.array(), row, row + 1), b, false);
                        alone.assertIs(
                                Arrays.copyOfRange(together.values(), row * size[0], (row + 1) * size[0]),
                                "row " + row + " of " + m + ", " + Arrays.toString(size) + " " + side);
                    }
                }
            }
        }
    }

    private static NdArray rowsOf(NdArray array, int from, int to) {
        return array.with(array.layout().slice(0, from, to - from));
    }

    @Test
    void batchesAreMultipliedMemberByMember() {
        for (Side side : Side.values()) {
            check(Sample.normal(3, side.layout(3, 2, 7, 13)), Sample.normal(4, side.layout(3, 2, 13, 31)), CONTIGUOUS);
        }
        check(Sample.normal(5, 207, 3, 5), Sample.normal(6, 207, 5, 2), CONTIGUOUS);
    }

    @Test
    void anOperandMayBeSharedByTheBatch() {
        Layout shared = Layout.contiguous(Shape.of(1, 13, 31)).broadcastTo(Shape.of(5, 13, 31));
        check(Sample.normal(7, 5, 7, 13), Sample.normal(8, shared), CONTIGUOUS);
        Layout left = Layout.contiguous(Shape.of(1, 7, 13)).broadcastTo(Shape.of(5, 7, 13));
        check(Sample.normal(9, left), Sample.normal(10, 5, 13, 31), OFFSET);
    }

    @Test
    void headsAreReadWhereTheProjectionLeftThem() {
        // (B, T, H, D) seen as (B, H, T, D): no axis in front is next to the one behind.
        Layout heads = Layout.contiguous(Shape.of(2, 13, 3, 8)).permute(0, 2, 1, 3);
        check(Sample.normal(11, heads), Sample.normal(12, heads.transpose(-1, -2)), CONTIGUOUS);
    }

    @Test
    void anEmptySumIsZero() {
        for (int[] size : new int[][] {{3, 5, 0}, {0, 5, 3}, {3, 0, 5}}) {
            check(Sample.normal(13, size[0], size[2]), Sample.normal(14, size[2], size[1]), CONTIGUOUS);
        }
    }

    @Test
    void notANumberStaysInItsRowAndColumn() {
        Sample a = Sample.normal(15, 7, 13);
        Sample b = Sample.normal(16, 13, 31);
        a.array().floats()[a.array().start() + 3 * 13 + 12] = Float.NaN;
        b.array().floats()[b.array().start() + 5 * 31 + 30] = Float.NaN;
        Sample out = Sample.unset(7, 31);
        kernels.matmul(out.array(), a.array(), b.array(), false);
        double[] got = out.values();
        for (int i = 0; i < got.length; i++) {
            boolean expected = i / 31 == 3 || i % 31 == 30;
            if (Double.isNaN(got[i]) != expected) {
                throw new AssertionError("element " + i + " is " + got[i]);
            }
        }
    }

    @Test
    void biasIsAddedToEveryRow() {
        for (int[] size : new int[][] {{1, 7, 13}, {13, 31, 7}, {207, 13, 31}, {31, 207, 4}}) {
            Sample a = Sample.normal(17, size[0], size[2]);
            Sample b = Sample.normal(18, Side.COLUMNS.layout(size[2], size[1]));
            Sample bias = Sample.normal(19, OFFSET, size[1]);
            double[] add = bias.values();
            double[] expected = new double[size[0] * size[1]];
            double[] scale = new double[size[0] * size[1]];
            product(expected, scale, a, b);
            Arrays.setAll(expected, i -> expected[i] + add[i % add.length]);
            Arrays.setAll(scale, i -> scale[i] + Math.abs(add[i % add.length]));
            Sample out = Sample.unset(size[0], size[1]);
            kernels.matmulBias(
                    out.array(),
                    a.array(),
                    b.array(),
                    bias.array(),
                    column.backend().elementwise());
            out.assertIs(expected, scale, Rounding.sum(size[2] + 1), "matmulBias");
        }
    }

    /// Against the definition in the interface, computed by the same column: only the passes over memory differ.
    @Test
    void residualsAndActivationsFollowTheDefinition() {
        ElementwiseKernels elementwise = column.backend().elementwise();
        MatmulKernels plain = new MatmulKernels() {
            @Override
            public void matmul(NdArray out, NdArray a, NdArray b, boolean accumulate) {
                kernels.matmul(out, a, b, accumulate);
            }
        };
        for (int[] size :
                new int[][] {{1, 7, 13}, {13, 31, 7}, {16, 300, 200}, {207, 13, 31}, {270, 530, 140}, {3, 5, 0}}) {
            NdArray a = Sample.normal(26, size[0], size[2]).array();
            NdArray b = Sample.normal(27, Side.COLUMNS.layout(size[2], size[1])).array();
            NdArray inner = Sample.normal(28, size[0], size[1]).array();
            for (NdArray bias :
                    new NdArray[] {null, Sample.normal(29, OFFSET, size[1]).array()}) {
                Sample residual = Sample.normal(30, GAPPED, size[0], size[1]);
                Sample wanted = Sample.unset(size[0], size[1]);
                Sample got = Sample.unset(size[0], size[1]);
                plain.matmulResidual(wanted.array(), a, b, bias, residual.array(), elementwise);
                kernels.matmulResidual(got.array(), a, b, bias, residual.array(), elementwise);
                assertNear(wanted, got, size[2], "residual, " + Arrays.toString(size));
                for (UnaryFunction f : ACTIVATIONS) {
                    Sample wantedInner = Sample.unset(size[0], size[1]);
                    Sample gotInner = Sample.unset(size[0], size[1]);
                    plain.matmulActivated(wanted.array(), wantedInner.array(), a, b, bias, f, elementwise);
                    kernels.matmulActivated(got.array(), gotInner.array(), a, b, bias, f, elementwise);
                    assertNear(wantedInner, gotInner, size[2], "inner of " + f);
                    assertNear(wanted, got, size[2], f + " of " + Arrays.toString(size));
                    plain.matmulActivationGradient(wanted.array(), a, b, inner, f, elementwise);
                    kernels.matmulActivationGradient(got.array(), a, b, inner, f, elementwise);
                    assertNear(wanted, got, size[2], "gradient of " + f);
                }
            }
        }
    }

    /// Both are sums of `inner` products of standard normal numbers and two numbers more.
    private static void assertNear(Sample wanted, Sample got, int inner, String what) {
        double[] scale = new double[wanted.values().length];
        Arrays.fill(scale, inner + 2.0);
        got.assertIs(wanted.values(), scale, Rounding.sum(inner + 2), what);
    }

    private void check(Sample a, Sample b, Placement place) {
        Shape shapeA = a.array().shape();
        Shape shape = shapeA.with(-1, b.array().size(-1));
        double[] expected = new double[shape.elements()];
        double[] scale = new double[shape.elements()];
        product(expected, scale, a, b);
        double tolerance = Rounding.sum(shapeA.size(-1));
        String what = a.array().layout() + " x " + b.array().layout();
        Sample out = Sample.unset(place, shape.sizes());
        kernels.matmul(out.array(), a.array(), b.array(), false);
        out.assertIs(expected, scale, tolerance, what);

        Sample sum = Sample.normal(20, place, shape.sizes());
        double[] before = sum.before();
        Arrays.setAll(expected, i -> expected[i] + before[i]);
        Arrays.setAll(scale, i -> scale[i] + Math.abs(before[i]));
        kernels.matmul(sum.array(), a.array(), b.array(), true);
        sum.assertIs(expected, scale, tolerance, what + ", accumulated");
    }

    /// `out = a·b` and `scale = |a|·|b|`, in double precision.
    private static void product(double[] out, double[] scale, Sample a, Sample b) {
        double[] x = a.values();
        double[] y = b.values();
        int rows = a.array().size(-2);
        int inner = a.array().size(-1);
        int columns = b.array().size(-1);
        for (int at = 0; at < out.length; at++) {
            int member = at / (rows * columns);
            int i = at / columns % rows;
            int j = at % columns;
            for (int p = 0; p < inner; p++) {
                double term = x[(member * rows + i) * inner + p] * y[(member * inner + p) * columns + j];
                out[at] += term;
                scale[at] += Math.abs(term);
            }
        }
    }

    @Test
    void bitsDoNotDependOnThreads() {
        for (int[] size : new int[][] {{300, 200, 130}, {1, 1500, 207}, {700, 40, 31}}) {
            for (Side side : new Side[] {Side.ROWS, Side.COLUMNS}) {
                Sample a = Sample.normal(21, side.layout(size[0], size[2]));
                Sample b = Sample.normal(22, side.layout(size[2], size[1]));
                column.assertSameBitsOnAnyThreads(backend -> {
                    Sample out = Sample.normal(23, size[0], size[1]);
                    backend.matmul().matmul(out.array(), a.array(), b.array(), true);
                    return out.array();
                });
            }
        }
        Sample a = Sample.normal(24, 20, 31, 33);
        Sample b = Sample.normal(25, 20, 33, 35);
        column.assertSameBitsOnAnyThreads(backend -> {
            Sample out = Sample.unset(20, 31, 35);
            backend.matmul().matmul(out.array(), a.array(), b.array(), false);
            return out.array();
        });
    }
}
