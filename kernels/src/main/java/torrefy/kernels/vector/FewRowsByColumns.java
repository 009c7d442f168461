package torrefy.kernels.vector;

import static torrefy.kernels.vector.Lanes.COUNT;
import static torrefy.kernels.vector.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;

/// A product of a few rows with a matrix b whose columns are contiguous: dot products of a row of a with eight columns
/// of b at a time, because memory delivers several streams faster than one, or of two rows with four, so that what is
/// loaded from b is used for both. Every element of c is summed in the same order either way.
final class FewRowsByColumns {

    private FewRowsByColumns() {}

    /// `c = start + a·b` for the columns `from` to `to` of c; without `start` if it is null. Where columns of b or rows
    /// of a are not contiguous after all, it takes one number after another.
    static void multiply(Matrix c, Matrix start, Matrix a, Matrix b, int m, int k, int from, int to) {
        boolean isContiguous = a.column() == 1 && b.row() == 1;
        int j = from;
        while (isContiguous && j + 8 <= to) {
            int apart = FewRowsMatmul.apart(to - j);
            for (int first = j; first < j + apart; first++) {
                Matrix added = start == null ? null : start.columns(first, apart);
                eight(c.columns(first, apart), added, a, b.columns(first, apart), m, k);
            }
            j += 8 * apart;
        }
        int whole = isContiguous ? k / COUNT * COUNT : 0;
        for (; j < to; j++) {
            for (int i = 0; i < m; i++) {
                FloatVector sum = FloatVector.zero(FLOATS);
                for (int p = 0; p < whole; p += COUNT) {
                    FloatVector x = FloatVector.fromArray(FLOATS, a.array(), a.index(i, p));
                    sum = x.fma(FloatVector.fromArray(FLOATS, b.array(), b.index(p, j)), sum);
                }
                set(c, start, a, b, i, j, sum, whole, k);
            }
        }
    }

    /// The first eight columns of c.
    private static void eight(Matrix c, Matrix start, Matrix a, Matrix b, int m, int k) {
        int i = 0;
        for (; i + 2 <= m; i += 2) {
            twoByFour(c, start, a, b, i, 0, k);
            twoByFour(c, start, a, b, i, 4, k);
        }
        for (; i < m; i++) {
            oneByEight(c, start, a, b, i, 0, k);
        }
    }

    /// `c[i, j] = start[i, j] + the lanes of sum + Σ a[i, p]·b[p, j]` from p on; `start` may be c.
    private static void set(
            Matrix c, Matrix start, Matrix a, Matrix b, int i, int j, FloatVector sum, int from, int k) {
        float rest = 0;
        for (int p = from; p < k; p++) {
            rest += a.array()[a.index(i, p)] * b.array()[b.index(p, j)];
        }
        float product = Lanes.sum(sum) + rest;
        c.array()[c.index(i, j)] = start == null ? product : start.array()[start.index(i, j)] + product;
    }

    private static void oneByEight(Matrix c, Matrix start, Matrix a, Matrix b, int i, int j, int k) {
        FloatVector c0 = FloatVector.zero(FLOATS);
        FloatVector c1 = c0;
        FloatVector c2 = c0;
        FloatVector c3 = c0;
        FloatVector c4 = c0;
        FloatVector c5 = c0;
        FloatVector c6 = c0;
        FloatVector c7 = c0;
        float[] as = a.array();
        float[] bs = b.array();
        int row = a.index(i, 0);
        int column = b.index(0, j);
        int step = b.column();
        int p = 0;
        for (; p <= k - COUNT; p += COUNT) {
            FloatVector x = FloatVector.fromArray(FLOATS, as, row + p);
            int at = column + p;
            c0 = x.fma(FloatVector.fromArray(FLOATS, bs, at), c0);
            c1 = x.fma(FloatVector.fromArray(FLOATS, bs, at + step), c1);
            c2 = x.fma(FloatVector.fromArray(FLOATS, bs, at + 2 * step), c2);
            c3 = x.fma(FloatVector.fromArray(FLOATS, bs, at + 3 * step), c3);
            c4 = x.fma(FloatVector.fromArray(FLOATS, bs, at + 4 * step), c4);
            c5 = x.fma(FloatVector.fromArray(FLOATS, bs, at + 5 * step), c5);
            c6 = x.fma(FloatVector.fromArray(FLOATS, bs, at + 6 * step), c6);
            c7 = x.fma(FloatVector.fromArray(FLOATS, bs, at + 7 * step), c7);
        }
        set(c, start, a, b, i, j, c0, p, k);
        set(c, start, a, b, i, j + 1, c1, p, k);
        set(c, start, a, b, i, j + 2, c2, p, k);
        set(c, start, a, b, i, j + 3, c3, p, k);
        set(c, start, a, b, i, j + 4, c4, p, k);
        set(c, start, a, b, i, j + 5, c5, p, k);
        set(c, start, a, b, i, j + 6, c6, p, k);
        set(c, start, a, b, i, j + 7, c7, p, k);
    }

    private static void twoByFour(Matrix c, Matrix start, Matrix a, Matrix b, int i, int j, int k) {
        FloatVector c00 = FloatVector.zero(FLOATS);
        FloatVector c01 = c00;
        FloatVector c02 = c00;
        FloatVector c03 = c00;
        FloatVector c10 = c00;
        FloatVector c11 = c00;
        FloatVector c12 = c00;
        FloatVector c13 = c00;
        float[] as = a.array();
        float[] bs = b.array();
        int row = a.index(i, 0);
        int next = a.index(i + 1, 0);
        int column = b.index(0, j);
        int step = b.column();
        int p = 0;
        for (; p <= k - COUNT; p += COUNT) {
            FloatVector a0 = FloatVector.fromArray(FLOATS, as, row + p);
            FloatVector a1 = FloatVector.fromArray(FLOATS, as, next + p);
            int at = column + p;
            FloatVector b0 = FloatVector.fromArray(FLOATS, bs, at);
            c00 = a0.fma(b0, c00);
            c10 = a1.fma(b0, c10);
            FloatVector b1 = FloatVector.fromArray(FLOATS, bs, at + step);
            c01 = a0.fma(b1, c01);
            c11 = a1.fma(b1, c11);
            FloatVector b2 = FloatVector.fromArray(FLOATS, bs, at + 2 * step);
            c02 = a0.fma(b2, c02);
            c12 = a1.fma(b2, c12);
            FloatVector b3 = FloatVector.fromArray(FLOATS, bs, at + 3 * step);
            c03 = a0.fma(b3, c03);
            c13 = a1.fma(b3, c13);
        }
        set(c, start, a, b, i, j, c00, p, k);
        set(c, start, a, b, i, j + 1, c01, p, k);
        set(c, start, a, b, i, j + 2, c02, p, k);
        set(c, start, a, b, i, j + 3, c03, p, k);
        set(c, start, a, b, i + 1, j, c10, p, k);
        set(c, start, a, b, i + 1, j + 1, c11, p, k);
        set(c, start, a, b, i + 1, j + 2, c12, p, k);
        set(c, start, a, b, i + 1, j + 3, c13, p, k);
    }
}
