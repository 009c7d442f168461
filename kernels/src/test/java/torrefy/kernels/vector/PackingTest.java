package torrefy.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
    void bothOperandsStandSliceBySliceAndStripByStrip() {
        Scratch scratch = new Scratch();
        for (boolean transposed : new boolean[] {false, true}) {
            for (int k : new int[] {1, 7, 64, 207, 300, 515}) {
                for (int n : SIZES) {
                    Matrix m = matrix(k, n, transposed);
                    Strips b = Strips.ofB(new float[Strips.lengthB(k, n)], k, n);
                    b.pack(m, scratch);
                    assertHolds(b, m);
                    Strips a = Strips.ofA(new float[Strips.lengthA(n, k)], n, k);
                    a.pack(m, scratch);
                    assertHolds(a, m);
                }
            }
        }
    }

    @Test
    void largeOperandsArePackedInPiecesInAnyOrder() {
        Scratch scratch = new Scratch();
        for (boolean transposed : new boolean[] {false, true}) {
            Matrix m = matrix(700, 333, transposed);
            Strips strips = Strips.ofB(new float[Strips.lengthB(700, 333)], 700, 333);
            Arrays.fill(strips.array(), Float.NaN);
            assertTrue(strips.pieces(m) > 3);
            for (int piece = strips.pieces(m) - 1; piece >= 0; piece--) {
                strips.pack(m, piece, scratch);
            }
            assertHolds(strips, m);
        }
    }

    private static void assertHolds(Strips strips, Matrix m) {
        int width = strips.width();
        int columns = Math.ceilDiv(strips.n(), width) * width;
        for (int p = 0; p < strips.k(); p++) {
            int first = p / strips.depth() * strips.depth();
            for (int j = 0; j < columns; j++) {
                float wanted = j < strips.n() ? m.array()[m.index(p, j)] : 0;
                int at = strips.at(first, j / width * width) + (p - first) * width + j % width;
                if (strips.array()[at] != wanted) {
                    assertEquals(
                            wanted,
                            strips.array()[at],
                            "row " + p + ", column " + j + " of " + strips.k() + " x " + strips.n());
                }
            }
        }
    }
}
