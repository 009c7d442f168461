package torrefy.kernels.vector;

import static torrefy.kernels.vector.Lanes.COUNT;
import static torrefy.kernels.vector.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;

/// A product of a few rows with a matrix b whose columns are contiguous: dot products, four columns of b at a time,
/// because memory delivers several streams faster than one, with one row of a, or with two, so that what is loaded
/// from b is used for both. Every element of c is summed in the same order either way.
final class FewRowsByColumns {

    private FewRowsByColumns() {}

    /// `c = start + a·b` for the columns `from` to `to` of c; without `start` if it is null. Where columns of b or rows
    /// of a are not contiguous after all, it takes one number after another.
    static void multiply(Matrix c, Matrix start, Matrix a, Matrix b, int m, int k, int from, int to) {
        boolean isContiguous = a.column() == 1 && b.row() == 1;
        int j = from;
        for (; isContiguous && j + 4 <= to; j += 4) {
            int i = 0;
            for (; i + 2 <= m; i += 2) {
                twoByFour(c.from(i, j), from(start, i, j), a.from(i, 0), b.from(0, j), k);
            }
            for (; i < m; i++) {
                oneByFour(c.from(i, j), from(start, i, j), a.from(i, 0), b.from(0, j), k);
            }
        }
        for (; j < to; j++) {
            for (int i = 0; i < m; i++) {
                set(c, start, i, j, dot(a.from(i, 0), b.from(0, j), 0, k));
            }
        }
    }

    private static Matrix from(Matrix start, int i, int j) {
        return start == null ? null : start.from(i, j);
    }

    /// `c[i, j] = start[i, j] + sum`; `start` may be c.
    private static void set(Matrix c, Matrix start, int i, int j, float sum) {
        c.array()[c.index(i, j)] = start == null ? sum : start.array()[start.index(i, j)] + sum;
    }

    private static void oneByFour(Matrix c, Matrix start, Matrix a, Matrix b, int k) {
        FloatVector c0 = FloatVector.zero(FLOATS);
        FloatVector c1 = c0;
        FloatVector c2 = c0;
        FloatVector c3 = c0;
        float[] as = a.array();
        float[] bs = b.array();
        int step = b.column();
        int p = 0;
        for (; p <= k - COUNT; p += COUNT) {
            FloatVector x = FloatVector.fromArray(FLOATS, as, a.at() + p);
            int at = b.at() + p;
            c0 = x.fma(FloatVector.fromArray(FLOATS, bs, at), c0);
            c1 = x.fma(FloatVector.fromArray(FLOATS, bs, at + step), c1);
            c2 = x.fma(FloatVector.fromArray(FLOATS, bs, at + 2 * step), c2);
            c3 = x.fma(FloatVector.fromArray(FLOATS, bs, at + 3 * step), c3);
        }
        set(c, start, 0, 0, Lanes.sum(c0) + dot(a, b.from(0, 0), p, k));
        set(c, start, 0, 1, Lanes.sum(c1) + dot(a, b.from(0, 1), p, k));
        set(c, start, 0, 2, Lanes.sum(c2) + dot(a, b.from(0, 2), p, k));
        set(c, start, 0, 3, Lanes.sum(c3) + dot(a, b.from(0, 3), p, k));
    }

    private static void twoByFour(Matrix c, Matrix start, Matrix a, Matrix b, int k) {
        FloatVector c00 = FloatVector.zero(FLOATS);
        FloatVector c01 = FloatVector.zero(FLOATS);
        FloatVector c02 = FloatVector.zero(FLOATS);
        FloatVector c03 = FloatVector.zero(FLOATS);
        FloatVector c10 = FloatVector.zero(FLOATS);
        FloatVector c11 = FloatVector.zero(FLOATS);
        FloatVector c12 = FloatVector.zero(FLOATS);
        FloatVector c13 = FloatVector.zero(FLOATS);
        float[] as = a.array();
        float[] bs = b.array();
        int row = a.row();
        int step = b.column();
        int p = 0;
        for (; p <= k - COUNT; p += COUNT) {
            FloatVector a0 = FloatVector.fromArray(FLOATS, as, a.at() + p);
            FloatVector a1 = FloatVector.fromArray(FLOATS, as, a.at() + row + p);
            int from = b.at() + p;
            FloatVector b0 = FloatVector.fromArray(FLOATS, bs, from);
            c00 = a0.fma(b0, c00);
            c10 = a1.fma(b0, c10);
            FloatVector b1 = FloatVector.fromArray(FLOATS, bs, from + step);
            c01 = a0.fma(b1, c01);
            c11 = a1.fma(b1, c11);
            FloatVector b2 = FloatVector.fromArray(FLOATS, bs, from + 2 * step);
            c02 = a0.fma(b2, c02);
            c12 = a1.fma(b2, c12);
            FloatVector b3 = FloatVector.fromArray(FLOATS, bs, from + 3 * step);
            c03 = a0.fma(b3, c03);
            c13 = a1.fma(b3, c13);
        }
        set(c, start, 0, 0, Lanes.sum(c00) + dot(a.from(0, 0), b.from(0, 0), p, k));
        set(c, start, 0, 1, Lanes.sum(c01) + dot(a.from(0, 0), b.from(0, 1), p, k));
        set(c, start, 0, 2, Lanes.sum(c02) + dot(a.from(0, 0), b.from(0, 2), p, k));
        set(c, start, 0, 3, Lanes.sum(c03) + dot(a.from(0, 0), b.from(0, 3), p, k));
        set(c, start, 1, 0, Lanes.sum(c10) + dot(a.from(1, 0), b.from(0, 0), p, k));
        set(c, start, 1, 1, Lanes.sum(c11) + dot(a.from(1, 0), b.from(0, 1), p, k));
        set(c, start, 1, 2, Lanes.sum(c12) + dot(a.from(1, 0), b.from(0, 2), p, k));
        set(c, start, 1, 3, Lanes.sum(c13) + dot(a.from(1, 0), b.from(0, 3), p, k));
    }

    /// `Σ a[p]·b[p]` from p on, of one row of a with one column of b.
    private static float dot(Matrix a, Matrix b, int from, int k) {
        float sum = 0;
        for (int p = from; p < k; p++) {
            sum += a.array()[a.index(0, p)] * b.array()[b.index(p, 0)];
        }
        return sum;
    }
}
