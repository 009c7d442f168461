package torrefy.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Packed operands against their definition, for every way an operand may lie in memory.
class PackingTest {

    private static final int[] SIZES = {1, 7, 8, 13, 31, 33, 64, 207};

    private static final int GAP = 3;

    /// A matrix of distinct numbers, with gaps between its rows, or between its columns if `transposed`.
    private static Matrix matrix(int rows, int columns, boolean transposed) {
        int width = (transposed ? rows : columns) + GAP;
        float[] array = new float[width * (transposed ? columns : rows) + 5];
        for (int i = 0; i < array.length; i++) {
            array[i] = i + 1;
        }
        return transposed ? new Matrix(array, 5, 1, width) : new Matrix(array, 5, width, 1);
    }

    @Test
    void rowsStandStripByStripAndColumnByColumn() {
        int width = MatmulTile.ROWS;
        for (boolean transposed : new boolean[] {false, true}) {
            for (int rows : SIZES) {
                for (int columns : SIZES) {
                    Matrix m = matrix(rows, columns, transposed);
                    float[] out = new float[Packing.size(rows, columns, width)];
                    Arrays.fill(out, Float.NaN);
                    Packing.packRows(m, rows, columns, out, 0);
                    for (int i = 0; i < Math.ceilDiv(rows, width) * width; i++) {
                        for (int p = 0; p < columns; p++) {
                            float wanted = i < rows ? m.array()[m.index(i, p)] : 0;
                            int at = (i / width * columns + p) * width + i % width;
                            assertEquals(
                                    wanted, out[at], "row " + i + ", column " + p + " of " + rows + " x " + columns);
                        }
                    }
                }
            }
        }
    }

    @Test
    void columnsStandSliceBySliceAndStripByStrip() {
        Scratch scratch = new Scratch();
        for (boolean transposed : new boolean[] {false, true}) {
            for (int k : new int[] {1, 7, 64, 207, 300, 515}) {
                for (int n : SIZES) {
                    Matrix b = matrix(k, n, transposed);
                    Strips strips = new Strips(new float[Strips.length(k, n)], k, n);
                    strips.pack(b, scratch);
                    assertHolds(strips, b);
                }
            }
        }
    }

    @Test
    void rowsMayBePackedInAnyPieces() {
        for (int k : new int[] {1, 7, 300, 515}) {
            for (int n : SIZES) {
                Matrix b = matrix(k, n, false);
                Strips strips = new Strips(new float[Strips.length(k, n)], k, n);
                for (int slice = 0; slice < k; slice += strips.depth()) {
                    int end = Math.min(k, slice + strips.depth());
                    for (int p = slice; p < end; p += 13) {
                        strips.packRows(b, p, Math.min(end, p + 13));
                    }
                }
                assertHolds(strips, b);
            }
        }
    }

    private static void assertHolds(Strips strips, Matrix b) {
        int width = MatmulTile.COLUMNS;
        int columns = Math.ceilDiv(strips.n(), width) * width;
        for (int p = 0; p < strips.k(); p++) {
            int first = p / strips.depth() * strips.depth();
            for (int j = 0; j < columns; j++) {
                float wanted = j < strips.n() ? b.array()[b.index(p, j)] : 0;
                int at = strips.at(first, j / width * width) + (p - first) * width + j % width;
                assertEquals(
                        wanted,
                        strips.array()[at],
                        "row " + p + ", column " + j + " of " + strips.k() + " x " + strips.n());
            }
        }
    }
}
