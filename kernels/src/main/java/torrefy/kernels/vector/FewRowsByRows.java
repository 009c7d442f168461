package torrefy.kernels.vector;

import static torrefy.kernels.vector.Lanes.COUNT;
import static torrefy.kernels.vector.Lanes.FLOATS;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/// A product of a few rows with a matrix b whose rows are contiguous: rows of b stream by and are added, by their
/// factors, to the rows of c, which stay in the first-level cache.
///
/// Eight rows of b for one of c, or four for four of c: memory delivers several streams at once faster than one, and
/// what is loaded from b is used for all four. Every element of c is one chain of multiply-adds, in an order that
/// depends on k only ([FewRowsMatmul#apart]).
final class FewRowsByRows {

    private FewRowsByRows() {}

    /// `c = start + a·b` for the columns `from` to `to` of c; without `start` if it is null.
    static void multiply(Matrix c, Matrix start, Matrix a, Matrix b, int m, int k, int from, int to) {
        int width = to - from;
        for (int i = 0; i < m; i++) {
            if (start == null) {
                Arrays.fill(c.array(), c.index(i, from), c.index(i, from) + width, 0);
            } else if (start.array() != c.array() || start.at() != c.at()) {
                System.arraycopy(start.array(), start.index(i, from), c.array(), c.index(i, from), width);
            }
        }
        int p = 0;
        while (p + 8 <= k) {
            int apart = FewRowsMatmul.apart(k - p);
            for (int first = p; first < p + apart; first++) {
                eight(c.from(0, from), a.columns(first, apart), b.from(0, from).rows(first, apart), m, width);
            }
            p += 8 * apart;
        }
        for (; p < k; p++) {
            for (int i = 0; i < m; i++) {
                oneToOne(c.from(i, from), a.from(i, p), b.from(p, from), width);
            }
        }
    }

    /// Adds the first eight rows of b to all of c.
    private static void eight(Matrix c, Matrix a, Matrix b, int m, int width) {
        int i = 0;
        for (; i + 4 <= m; i += 4) {
            fourToFour(c.from(i, 0), a.from(i, 0), b, width);
            fourToFour(c.from(i, 0), a.from(i, 4), b.from(4, 0), width);
        }
        for (; i < m; i++) {
            eightToOne(c.from(i, 0), a.from(i, 0), b, width);
        }
    }

    /// Adds eight rows of b to one of c.
    private static void eightToOne(Matrix c, Matrix a, Matrix b, int width) {
        float[] as = a.array();
        float[] bs = b.array();
        float[] cs = c.array();
        FloatVector x0 = FloatVector.broadcast(FLOATS, as[a.index(0, 0)]);
        FloatVector x1 = FloatVector.broadcast(FLOATS, as[a.index(0, 1)]);
        FloatVector x2 = FloatVector.broadcast(FLOATS, as[a.index(0, 2)]);
        FloatVector x3 = FloatVector.broadcast(FLOATS, as[a.index(0, 3)]);
        FloatVector x4 = FloatVector.broadcast(FLOATS, as[a.index(0, 4)]);
        FloatVector x5 = FloatVector.broadcast(FLOATS, as[a.index(0, 5)]);
        FloatVector x6 = FloatVector.broadcast(FLOATS, as[a.index(0, 6)]);
        FloatVector x7 = FloatVector.broadcast(FLOATS, as[a.index(0, 7)]);
        int row = b.row();
        int j = 0;
        for (; j <= width - COUNT; j += COUNT) {
            int at = b.at() + j;
            FloatVector sum = FloatVector.fromArray(FLOATS, cs, c.at() + j);
            sum = x0.fma(FloatVector.fromArray(FLOATS, bs, at), sum);
            sum = x1.fma(FloatVector.fromArray(FLOATS, bs, at + row), sum);
            sum = x2.fma(FloatVector.fromArray(FLOATS, bs, at + 2 * row), sum);
            sum = x3.fma(FloatVector.fromArray(FLOATS, bs, at + 3 * row), sum);
            sum = x4.fma(FloatVector.fromArray(FLOATS, bs, at + 4 * row), sum);
            sum = x5.fma(FloatVector.fromArray(FLOATS, bs, at + 5 * row), sum);
            sum = x6.fma(FloatVector.fromArray(FLOATS, bs, at + 6 * row), sum);
            sum = x7.fma(FloatVector.fromArray(FLOATS, bs, at + 7 * row), sum);
            sum.intoArray(cs, c.at() + j);
        }
        rest(c, a, b, 1, 8, j, width);
    }

    /// Adds four rows of b to four of c.
    private static void fourToFour(Matrix c, Matrix a, Matrix b, int width) {
        float[] as = a.array();
        float[] bs = b.array();
        float[] cs = c.array();
        FloatVector x00 = FloatVector.broadcast(FLOATS, as[a.index(0, 0)]);
        FloatVector x01 = FloatVector.broadcast(FLOATS, as[a.index(0, 1)]);
        FloatVector x02 = FloatVector.broadcast(FLOATS, as[a.index(0, 2)]);
        FloatVector x03 = FloatVector.broadcast(FLOATS, as[a.index(0, 3)]);
        FloatVector x10 = FloatVector.broadcast(FLOATS, as[a.index(1, 0)]);
        FloatVector x11 = FloatVector.broadcast(FLOATS, as[a.index(1, 1)]);
        FloatVector x12 = FloatVector.broadcast(FLOATS, as[a.index(1, 2)]);
        FloatVector x13 = FloatVector.broadcast(FLOATS, as[a.index(1, 3)]);
        FloatVector x20 = FloatVector.broadcast(FLOATS, as[a.index(2, 0)]);
        FloatVector x21 = FloatVector.broadcast(FLOATS, as[a.index(2, 1)]);
        FloatVector x22 = FloatVector.broadcast(FLOATS, as[a.index(2, 2)]);
        FloatVector x23 = FloatVector.broadcast(FLOATS, as[a.index(2, 3)]);
        FloatVector x30 = FloatVector.broadcast(FLOATS, as[a.index(3, 0)]);
        FloatVector x31 = FloatVector.broadcast(FLOATS, as[a.index(3, 1)]);
        FloatVector x32 = FloatVector.broadcast(FLOATS, as[a.index(3, 2)]);
        FloatVector x33 = FloatVector.broadcast(FLOATS, as[a.index(3, 3)]);
        int row = b.row();
        int to = c.row();
        int j = 0;
        for (; j <= width - COUNT; j += COUNT) {
            int from = b.at() + j;
            FloatVector b0 = FloatVector.fromArray(FLOATS, bs, from);
            FloatVector b1 = FloatVector.fromArray(FLOATS, bs, from + row);
            FloatVector b2 = FloatVector.fromArray(FLOATS, bs, from + 2 * row);
            FloatVector b3 = FloatVector.fromArray(FLOATS, bs, from + 3 * row);
            int at = c.at() + j;
            FloatVector c0 = FloatVector.fromArray(FLOATS, cs, at);
            x03.fma(b3, x02.fma(b2, x01.fma(b1, x00.fma(b0, c0)))).intoArray(cs, at);
            FloatVector c1 = FloatVector.fromArray(FLOATS, cs, at + to);
            x13.fma(b3, x12.fma(b2, x11.fma(b1, x10.fma(b0, c1)))).intoArray(cs, at + to);
            FloatVector c2 = FloatVector.fromArray(FLOATS, cs, at + 2 * to);
            x23.fma(b3, x22.fma(b2, x21.fma(b1, x20.fma(b0, c2)))).intoArray(cs, at + 2 * to);
            FloatVector c3 = FloatVector.fromArray(FLOATS, cs, at + 3 * to);
            x33.fma(b3, x32.fma(b2, x31.fma(b1, x30.fma(b0, c3)))).intoArray(cs, at + 3 * to);
        }
        rest(c, a, b, 4, 4, j, width);
    }

    private static void oneToOne(Matrix c, Matrix a, Matrix b, int width) {
        FloatVector x = FloatVector.broadcast(FLOATS, a.array()[a.at()]);
        int j = 0;
        for (; j <= width - COUNT; j += COUNT) {
            x.fma(
                            FloatVector.fromArray(FLOATS, b.array(), b.at() + j),
                            FloatVector.fromArray(FLOATS, c.array(), c.at() + j))
                    .intoArray(c.array(), c.at() + j);
        }
        rest(c, a, b, 1, 1, j, width);
    }

    /// The columns from `first` on, of `m` rows of c and `k` of b.
    private static void rest(Matrix c, Matrix a, Matrix b, int m, int k, int first, int width) {
        for (int i = 0; i < m; i++) {
            for (int j = first; j < width; j++) {
                float sum = c.array()[c.index(i, j)];
                for (int p = 0; p < k; p++) {
                    sum = Math.fma(a.array()[a.index(i, p)], b.array()[b.index(p, j)], sum);
                }
                c.array()[c.index(i, j)] = sum;
            }
        }
    }
}
