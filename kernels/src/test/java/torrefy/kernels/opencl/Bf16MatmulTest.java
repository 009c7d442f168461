package torrefy.kernels.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import torrefy.core.backend.MatmulKernels;
import torrefy.core.memory.Bfloat16;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.random.Distributions;
import torrefy.core.random.RandomKey;
import torrefy.core.shape.Layout;
import torrefy.core.shape.Shape;

/// Products of rounded operands against the definition, in double precision: those of the door that is open here, and
/// those of NVIDIA's with its instruction emulated, in large tiles and in small ones.
@ParameterizedClass(name = "{0}")
@EnumSource
class Bf16MatmulTest {

    /// m, n, k
    private static final int[][] SIZES = {
        {1, 1, 1},
        {7, 13, 31},
        {13, 31, 1},
        {1, 207, 32},
        {12, 32, 64},
        {16, 48, 33},
        {31, 1, 7},
        {25, 65, 63},
        {31, 207, 207},
        {13, 7, 4099},
        {1031, 7, 3},
        {270, 530, 140}
    };

    /// Whose products.
    private enum Products {
        OF_THE_OPEN_DOOR {
            @Override
            MatmulKernels on(Queue queue) {
                Optional<String> closed = Bf16Door.whyClosed(queue.device());
                assumeTrue(closed.isEmpty(), () -> "the door is closed: " + closed.get());
                return Bf16Door.open(queue.device()).matmul(queue);
            }
        },
        EMULATED_IN_SMALL_TILES {
            @Override
            MatmulKernels on(Queue queue) {
                return Bf16NvidiaMatmul.emulated(queue, Integer.MAX_VALUE);
            }
        },
        EMULATED_IN_LARGE_TILES {
            @Override
            MatmulKernels on(Queue queue) {
                return Bf16NvidiaMatmul.emulated(queue, 1);
            }
        };

        abstract MatmulKernels on(Queue queue);
    }

    private static OpenClBackend backend;

    private final MatmulKernels kernels;

    Bf16MatmulTest(Products products) {
        this.kernels = products.on(backend.queue());
    }

    @BeforeAll
    static void open() {
        Optional<String> reason = new OpenClBackendProvider().whyUnavailable();
        assumeTrue(reason.isEmpty(), () -> "no OpenCL device: " + reason.get());
        backend = new OpenClBackend(Devices.suitable().get(0), 1);
    }

    @AfterAll
    static void close() {
        if (backend != null) {
            backend.close();
        }
    }

    /// An array, on the device and as numbers in row-major order.
    private record Operand(NdArray array, double[] rounded) {

        /// Standard normal numbers in the middle of memory that is all of such numbers.
        static Operand of(int seed, Layout layout, DataType type) {
            float[] memory = new float[extent(layout)];
            Distributions.normal(RandomKey.of(seed), memory, 0, memory.length);
            NdArray all = NdArray.of(backend.upload(memory), Shape.of(memory.length));
            if (type == DataType.BF16) {
                NdArray stored = NdArray.of(backend.allocate(DataType.BF16, memory.length), Shape.of(memory.length));
                backend.elementwise().copy(stored, all);
                all = stored;
            }
            double[] rounded = new double[layout.shape().elements()];
            for (int i = 0; i < rounded.length; i++) {
                rounded[i] = Bfloat16.toFloat(Bfloat16.fromFloat(memory[position(layout, i)]));
            }
            return new Operand(all.with(layout), rounded);
        }
    }

    private static int position(Layout layout, int i) {
        int at = layout.offset();
        int rest = i;
        for (int axis = layout.shape().rank() - 1; axis >= 0; axis--) {
            at += rest % layout.shape().size(axis) * layout.stride(axis);
            rest /= layout.shape().size(axis);
        }
        return at;
    }

    private static int extent(Layout layout) {
        int elements = layout.shape().elements();
        return 40 + (elements == 0 ? 0 : position(layout, elements - 1));
    }

    /// A matrix or a batch of them, cut out of a larger one, or its transpose.
    private static Layout layout(boolean transposed, int gap, int... sizes) {
        Shape shape = Shape.of(sizes);
        if (transposed) {
            shape = shape.with(-1, sizes[sizes.length - 2]).with(-2, sizes[sizes.length - 1]);
        }
        Layout layout = Layout.contiguous(shape.with(-1, shape.size(-1) + gap)).slice(-1, gap, shape.size(-1));
        return transposed ? layout.transpose(-1, -2) : layout;
    }

    @Test
    void productsAreThoseOfRoundedOperandsHoweverTheyLie() {
        for (int[] size : SIZES) {
            for (DataType type : new DataType[] {DataType.F32, DataType.BF16}) {
                for (int form = 0; form < 8; form++) {
                    int gap = form < 4 ? 0 : 3;
                    Operand a = Operand.of(1, layout((form & 1) != 0, gap, size[0], size[2]), DataType.F32);
                    Operand b = Operand.of(2, layout((form & 2) != 0, gap, size[2], size[1]), type);
                    check(a, b, gap);
                }
            }
        }
    }

    @Test
    void batchesAreMultipliedMemberByMember() {
        for (int form = 0; form < 4; form++) {
            Operand a = Operand.of(3, layout((form & 1) != 0, 0, 3, 2, 17, 35), DataType.F32);
            Operand b = Operand.of(4, layout((form & 2) != 0, 0, 3, 2, 35, 41), DataType.F32);
            check(a, b, 1);
        }
    }

    @Test
    void anOperandMayBeSharedByTheBatch() {
        Layout right = Layout.contiguous(Shape.of(1, 35, 41)).broadcastTo(Shape.of(5, 35, 41));
        check(Operand.of(5, layout(false, 0, 5, 17, 35), DataType.F32), Operand.of(6, right, DataType.BF16), 0);
        Layout left = Layout.contiguous(Shape.of(1, 17, 35)).broadcastTo(Shape.of(5, 17, 35));
        check(Operand.of(7, left, DataType.F32), Operand.of(8, layout(false, 0, 5, 35, 41), DataType.F32), 0);
    }

    @Test
    void anEmptySumIsZero() {
        check(
                Operand.of(9, layout(false, 0, 13, 1).slice(-1, 0, 0), DataType.F32),
                Operand.of(10, layout(true, 0, 1, 35).slice(-2, 0, 0), DataType.F32),
                0);
    }

    /// In every way in which an operand can lie, and at its edges: products with the identity.
    @Test
    void numbersAreRoundedToTheNearestAndTiesToEven() {
        int n = 70;
        float[] numbers = new float[n * n];
        float[] rounded = new float[n * n];
        float[] identity = new float[n * n];
        for (int i = 0; i < numbers.length; i++) {
            // Steps of a quarter of what bfloat16 can tell apart, so that every fourth is a tie.
            numbers[i] = Float.intBitsToFloat(0x3f800000 + i * 0x4000);
            rounded[i] = Bfloat16.toFloat(Bfloat16.fromFloat(numbers[i]));
            identity[i] = i % (n + 1) == 0 ? 1 : 0;
        }
        NdArray x = NdArray.of(backend.upload(numbers), Shape.of(n, n));
        NdArray one = NdArray.of(backend.upload(identity), Shape.of(n, n));
        NdArray turned = x.with(x.layout().transpose(0, 1));
        assertArrayEquals(rounded, product(x, one), "left");
        assertArrayEquals(rounded, product(one, x), "right");
        assertArrayEquals(transposed(rounded, n), product(turned, one), "left, transposed");
        assertArrayEquals(transposed(rounded, n), product(one, turned), "right, transposed");
    }

    private float[] product(NdArray a, NdArray b) {
        float[] got = new float[a.size(0) * b.size(1)];
        NdArray out = NdArray.of(backend.allocate(DataType.F32, got.length), Shape.of(a.size(0), b.size(1)));
        kernels.matmul(out, a, b, false);
        backend.download(out, got, 0);
        return got;
    }

    private static float[] transposed(float[] matrix, int n) {
        float[] turned = new float[n * n];
        for (int i = 0; i < turned.length; i++) {
            turned[i] = matrix[i % n * n + i / n];
        }
        return turned;
    }

    @Test
    void notANumberStaysInItsRowAndColumn() {
        float[] a = new float[17 * 35];
        float[] b = new float[35 * 41];
        a[3 * 35 + 34] = Float.NaN;
        b[5 * 41 + 40] = Float.NaN;
        float[] got = product(
                NdArray.of(backend.upload(a), Shape.of(17, 35)), NdArray.of(backend.upload(b), Shape.of(35, 41)));
        for (int i = 0; i < got.length; i++) {
            assertEquals(i / 41 == 3 || i % 41 == 40, Float.isNaN(got[i]), "element " + i);
        }
    }

    /// Alone and added to what is there; nothing around the product changes.
    private void check(Operand a, Operand b, int gap) {
        Shape shape = a.array.shape().with(-1, b.array.size(-1));
        double[] product = new double[shape.elements()];
        double[] scale = new double[shape.elements()];
        multiply(product, scale, a, b);
        // Products of rounded numbers are exact; what is rounded is each addition, to single precision. Errors of
        // random sign grow with the root of their number.
        double tolerance = (4 * Math.sqrt(a.array.size(-1)) + 8) * 0x1p-24;
        Layout layout = layout(false, gap, shape.sizes());
        float[] before = new float[extent(layout)];
        Distributions.normal(RandomKey.of(20), before, 0, before.length);
        for (boolean accumulate : new boolean[] {false, true}) {
            NdArray all = NdArray.of(backend.upload(before), Shape.of(before.length));
            kernels.matmul(all.with(layout), a.array, b.array, accumulate);
            float[] after = new float[before.length];
            backend.download(all, after, 0);
            float[] expected = before.clone();
            for (int i = 0; i < product.length; i++) {
                int at = position(layout, i);
                double wanted = product[i] + (accumulate ? before[at] : 0);
                double allowed = tolerance * (scale[i] + (accumulate ? Math.abs(before[at]) : 0));
                assertEquals(
                        wanted,
                        after[at],
                        allowed,
                        () -> a.array.layout() + " x " + b.array.layout() + ", accumulate " + accumulate);
                expected[at] = after[at];
            }
            assertTrue(Arrays.equals(expected, after), "memory around " + layout + " was written");
        }
    }

    /// `out = a·b` and `scale = |a|·|b|`.
    private static void multiply(double[] out, double[] scale, Operand a, Operand b) {
        int rows = a.array.size(-2);
        int inner = a.array.size(-1);
        int columns = b.array.size(-1);
        for (int at = 0; at < out.length; at++) {
            int member = at / (rows * columns);
            int i = at / columns % rows;
            int j = at % columns;
            for (int p = 0; p < inner; p++) {
                double term =
                        a.rounded[(member * rows + i) * inner + p] * b.rounded[(member * inner + p) * columns + j];
                out[at] += term;
                scale[at] += Math.abs(term);
            }
        }
    }
}
