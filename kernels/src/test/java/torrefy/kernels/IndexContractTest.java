package torrefy.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.IndexKernels;
import torrefy.core.memory.Bfloat16;
import torrefy.core.memory.HostBfloat16s;
import torrefy.core.memory.HostInts;
import torrefy.core.memory.NdArray;
import torrefy.core.random.Distributions;
import torrefy.core.random.RandomKey;
import torrefy.core.shape.Layout;
import torrefy.core.shape.Shape;

@EveryColumn
class IndexContractTest {

    /// N, V, C
    private static final int[][] SIZES = {
        {1, 1, 1}, {7, 13, 31}, {31, 3, 1}, {207, 13, 7}, {13, 207, 4098}, {4098, 31, 13}, {0, 5, 7}, {300, 7, 207}
    };

    private final Column column;
    private final IndexKernels kernels;

    IndexContractTest(Column column) {
        this.column = column;
        this.kernels = column.backend().index();
    }

    /// Random indices below `limit`, behind a few others in memory.
    private static NdArray indices(int limit, int... sizes) {
        Shape shape = Shape.of(sizes);
        int[] memory = new int[shape.elements() + 5];
        int[] words = new int[4];
        for (int i = 0; i < memory.length; i++) {
            RandomKey.of(limit).words(i, words, 0);
            memory[i] = Distributions.below(words, limit);
        }
        return NdArray.of(HostInts.over(memory).slice(5, shape.elements()), shape);
    }

    private static int at(NdArray indices, int i) {
        return indices.ints()[indices.start() + i];
    }

    @Test
    void theFirstIndexOutOfRangeIsFound() {
        for (int n : new int[] {1, 7, 31, 207, 4098}) {
            NdArray indices = indices(13, n);
            assertEquals(-1, kernels.firstOutOfRange(indices, 13, -1));
            for (int at : new int[] {0, n / 2, n - 1}) {
                for (int bad : new int[] {13, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                    NdArray wrong = indices(13, n);
                    wrong.ints()[wrong.start() + n - 1] = 99;
                    wrong.ints()[wrong.start() + at] = bad;
                    assertEquals(at, kernels.firstOutOfRange(wrong, 13, -100));
                    boolean nextIsLast = at < n - 1;
                    assertEquals(nextIsLast ? n - 1 : -1, kernels.firstOutOfRange(wrong, 13, bad), "ignoring " + bad);
                }
            }
        }
        assertEquals(-1, kernels.firstOutOfRange(indices(1, 0), 1, 0));
    }

    @Test
    void gatherRowsWidensATableOfBfloat16() {
        for (int[] size : SIZES) {
            short[] stored = new short[3 + size[1] * size[2]];
            for (int i = 0; i < stored.length; i++) {
                stored[i] = Bfloat16.fromFloat(1f / (i + 1));
            }
            NdArray table =
                    NdArray.of(HostBfloat16s.over(stored).slice(3, size[1] * size[2]), Shape.of(size[1], size[2]));
            NdArray indices = indices(size[1], size[0]);
            Sample out = Sample.unset(size[0], size[2]);
            kernels.gatherRows(out.array(), table, indices);
            double[] expected = new double[size[0] * size[2]];
            for (int i = 0; i < expected.length; i++) {
                int place = 3 + at(indices, i / size[2]) * size[2] + i % size[2];
                expected[i] = Bfloat16.toFloat(stored[place]);
            }
            out.assertIs(expected, "gather");
        }
    }

    @Test
    void gatherRowsCopiesTheNamedRows() {
        for (int[] size : SIZES) {
            for (Placement place : new Placement[] {Placement.CONTIGUOUS, Placement.GAPPED}) {
                int width = size[2];
                NdArray indices = indices(size[1], size[0]);
                Sample table = Sample.normal(1, place, size[1], width);
                double[] rows = table.values();
                double[] expected = new double[size[0] * width];
                Arrays.setAll(expected, i -> rows[at(indices, i / width) * width + i % width]);
                Sample out = Sample.unset(place, size[0], width);
                kernels.gatherRows(out.array(), table.array(), indices);
                out.assertIs(expected, "gatherRows");
            }
        }
    }

    @Test
    void scatterAddRowsAddsRepeatedRowsInOrder() {
        for (int[] size : SIZES) {
            for (Placement place : new Placement[] {Placement.CONTIGUOUS, Placement.GAPPED}) {
                int width = size[2];
                NdArray indices = indices(size[1], size[0]);
                Sample in = Sample.normal(2, place, size[0], width);
                double[] rows = in.values();
                Sample out = Sample.normal(3, place, size[1], width);
                // The order is the contract, so the sum in single precision is exact.
                double[] expected = out.before();
                for (int i = 0; i < rows.length; i++) {
                    int target = at(indices, i / width) * width + i % width;
                    expected[target] = (float) expected[target] + (float) rows[i];
                }
                kernels.scatterAddRows(out.array(), indices, in.array());
                out.assertIs(expected, "scatterAddRows");
            }
        }
    }

    /// O, I, J, N
    private static final int[][] AXES = {
        {1, 1, 1, 1},
        {3, 7, 13, 1},
        {7, 3, 13, 31},
        {207, 1, 31, 1},
        {1, 31, 5, 207},
        {2, 4098, 7, 1},
        {0, 3, 2, 1},
        {2, 0, 3, 5}
    };

    @Test
    void gatherPicksAlongTheMiddleAxis() {
        for (int[] size : AXES) {
            NdArray indices = indices(size[2], size[0], size[1], size[3]);
            Sample in = Sample.normal(4, size[0], size[2], size[3]);
            double[] x = in.values();
            double[] expected = new double[indices.elements()];
            Arrays.setAll(expected, i -> x[source(size, indices, i)]);
            Sample out = Sample.unset(size[0], size[1], size[3]);
            kernels.gather(out.array(), in.array(), indices);
            out.assertIs(expected, "gather");
        }
    }

    @Test
    void scatterAddAddsWhereGatherReads() {
        for (int[] size : AXES) {
            NdArray indices = indices(size[2], size[0], size[1], size[3]);
            Sample in = Sample.normal(5, size[0], size[1], size[3]);
            double[] x = in.values();
            Sample out = Sample.normal(6, size[0], size[2], size[3]);
            double[] expected = out.before();
            for (int i = 0; i < x.length; i++) {
                int target = source(size, indices, i);
                expected[target] = (float) expected[target] + (float) x[i];
            }
            kernels.scatterAdd(out.array(), indices, in.array());
            out.assertIs(expected, "scatterAdd");
        }
    }

    /// The element of (O, J, N) that index `i` of (O, I, N) names.
    private static int source(int[] size, NdArray indices, int i) {
        int outer = i / (size[1] * size[3]);
        return (outer * size[2] + at(indices, i)) * size[3] + i % size[3];
    }

    @Test
    void bitsDoNotDependOnThreads() {
        NdArray indices = indices(31, 4098);
        NdArray in = Sample.normal(7, 4098, 207).array();
        column.assertSameBitsOnAnyThreads(backend -> {
            Sample out = Sample.normal(8, 31, 207);
            backend.index().scatterAddRows(out.array(), indices, in);
            return out.array();
        });
        NdArray picked = indices(7, 40, 207, 13);
        NdArray values = Sample.normal(9, 40, 207, 13).array();
        column.assertSameBitsOnAnyThreads(backend -> {
            Sample out = Sample.normal(10, 40, 7, 13);
            backend.index().scatterAdd(out.array(), picked, values);
            return out.array();
        });
        column.assertSameBitsOnAnyThreads(backend -> {
            Sample out = Sample.unset(4098, 207);
            NdArray table = in.with(Layout.contiguous(Shape.of(31, 207)));
            backend.index().gatherRows(out.array(), table, indices);
            return out.array();
        });
    }
}
