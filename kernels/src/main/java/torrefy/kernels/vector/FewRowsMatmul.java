package torrefy.kernels.vector;

import static torrefy.kernels.vector.Lanes.COUNT;
import static torrefy.kernels.vector.Lanes.FLOATS;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/// Products of a few rows with a matrix, as when text is generated word by word: every element of b is used so few
/// times that it is read where it lies, once, and never packed. The speed is that of memory: one row by 3072 × 768
/// reads 50 GB/s where the machine, reading alone, does 66.
///
/// Where rows of b are contiguous, four of them stream by together and are added, by their factors, to each row of c,
/// which stays in the first-level cache. Where columns are, four of them do, and give four dot products with each row
/// of a.
final class FewRowsMatmul {

    /// Up to how many rows this is faster than packing b, where columns of b are contiguous.
    static final int MOST_ROWS = 16;

    /// The same where rows of b are.
    static final int MOST_ROWS_BY_ROWS = 4;

    /// The same for a product whose operands are in the caches anyway.
    static final int MOST_ROWS_SERIAL = 4;

    /// The most columns of a piece of work: four rows of b of that length, and a row of c, are at home in the
    /// first-level cache.
    static final int WIDEST = 512;

    /// The fewest.
    static final int NARROWEST = 128;

    private FewRowsMatmul() {}

    /// Whether `m` rows are few.
    static boolean isFor(int m, Matrix b) {
        return m <= (b.column() == 1 ? MOST_ROWS_BY_ROWS : MOST_ROWS);
    }

    /// `c = start + a·b` for the columns `from` to `to` of c; without `start` if it is null.
    static void columns(Matrix c, Matrix start, Matrix a, Matrix b, int m, int k, int from, int to) {
        if (b.column() == 1) {
            byRows(c, start, a, b, m, k, from, to);
            return;
        }
        int begun = from;
        if (b.row() == 1 && a.column() == 1) {
            for (; begun + 4 <= to; begun += 4) {
                Matrix four = b.from(0, begun);
                for (int i = 0; i < m; i++) {
                    fourDots(c.array(), c.index(i, begun), a.from(i, 0), four, k, start, i, begun);
                }
            }
        }
        for (; begun < to; begun++) {
            for (int i = 0; i < m; i++) {
                float sum = dot(a.from(i, 0), b.from(0, begun), k);
                c.array()[c.index(i, begun)] = start == null ? sum : start.array()[start.index(i, begun)] + sum;
            }
        }
    }

    private static void byRows(Matrix c, Matrix start, Matrix a, Matrix b, int m, int k, int from, int to) {
        int width = to - from;
        for (int i = 0; i < m; i++) {
            if (start == null) {
                Arrays.fill(c.array(), c.index(i, from), c.index(i, from) + width, 0);
            } else if (start.array() != c.array() || start.at() != c.at()) {
                System.arraycopy(start.array(), start.index(i, from), c.array(), c.index(i, from), width);
            }
        }
        float[] as = a.array();
        int p = 0;
        for (; p + 4 <= k; p += 4) {
            for (int i = 0; i < m; i++) {
                float a0 = as[a.index(i, p)];
                float a1 = as[a.index(i, p + 1)];
                float a2 = as[a.index(i, p + 2)];
                float a3 = as[a.index(i, p + 3)];
                addFour(c.array(), c.index(i, from), b.array(), b.index(p, from), b.row(), a0, a1, a2, a3, width);
            }
        }
        for (; p < k; p++) {
            for (int i = 0; i < m; i++) {
                addOne(c.array(), c.index(i, from), b.array(), b.index(p, from), as[a.index(i, p)], width);
            }
        }
    }

    /// `c += a₀·b₀ + a₁·b₁ + a₂·b₂ + a₃·b₃`, in this order, with rows of b.
    private static void addFour(
            float[] c, int cAt, float[] b, int bAt, int row, float a0, float a1, float a2, float a3, int width) {
        FloatVector x0 = FloatVector.broadcast(FLOATS, a0);
        FloatVector x1 = FloatVector.broadcast(FLOATS, a1);
        FloatVector x2 = FloatVector.broadcast(FLOATS, a2);
        FloatVector x3 = FloatVector.broadcast(FLOATS, a3);
        int j = 0;
        for (; j <= width - COUNT; j += COUNT) {
            FloatVector sum = FloatVector.fromArray(FLOATS, c, cAt + j);
            sum = x0.fma(FloatVector.fromArray(FLOATS, b, bAt + j), sum);
            sum = x1.fma(FloatVector.fromArray(FLOATS, b, bAt + row + j), sum);
            sum = x2.fma(FloatVector.fromArray(FLOATS, b, bAt + 2 * row + j), sum);
            sum = x3.fma(FloatVector.fromArray(FLOATS, b, bAt + 3 * row + j), sum);
            sum.intoArray(c, cAt + j);
        }
        for (; j < width; j++) {
            float sum = Math.fma(a0, b[bAt + j], c[cAt + j]);
            sum = Math.fma(a1, b[bAt + row + j], sum);
            sum = Math.fma(a2, b[bAt + 2 * row + j], sum);
            c[cAt + j] = Math.fma(a3, b[bAt + 3 * row + j], sum);
        }
    }

    private static void addOne(float[] c, int cAt, float[] b, int bAt, float a, int width) {
        FloatVector x = FloatVector.broadcast(FLOATS, a);
        int j = 0;
        for (; j <= width - COUNT; j += COUNT) {
            x.fma(FloatVector.fromArray(FLOATS, b, bAt + j), FloatVector.fromArray(FLOATS, c, cAt + j))
                    .intoArray(c, cAt + j);
        }
        for (; j < width; j++) {
            c[cAt + j] = Math.fma(a, b[bAt + j], c[cAt + j]);
        }
    }

    private static void fourDots(float[] c, int cAt, Matrix a, Matrix b, int k, Matrix start, int i, int j) {
        FloatVector c0 = FloatVector.zero(FLOATS);
        FloatVector c1 = c0;
        FloatVector c2 = c0;
        FloatVector c3 = c0;
        FloatVector d0 = c0;
        FloatVector d1 = c0;
        FloatVector d2 = c0;
        FloatVector d3 = c0;
        float[] as = a.array();
        float[] bs = b.array();
        int step = b.column();
        int p = 0;
        for (; p <= k - 2 * COUNT; p += 2 * COUNT) {
            FloatVector x = FloatVector.fromArray(FLOATS, as, a.at() + p);
            FloatVector y = FloatVector.fromArray(FLOATS, as, a.at() + p + COUNT);
            int at = b.at() + p;
            c0 = x.fma(FloatVector.fromArray(FLOATS, bs, at), c0);
            d0 = y.fma(FloatVector.fromArray(FLOATS, bs, at + COUNT), d0);
            c1 = x.fma(FloatVector.fromArray(FLOATS, bs, at + step), c1);
            d1 = y.fma(FloatVector.fromArray(FLOATS, bs, at + step + COUNT), d1);
            c2 = x.fma(FloatVector.fromArray(FLOATS, bs, at + 2 * step), c2);
            d2 = y.fma(FloatVector.fromArray(FLOATS, bs, at + 2 * step + COUNT), d2);
            c3 = x.fma(FloatVector.fromArray(FLOATS, bs, at + 3 * step), c3);
            d3 = y.fma(FloatVector.fromArray(FLOATS, bs, at + 3 * step + COUNT), d3);
        }
        float s0 = Lanes.sum(c0.add(d0));
        float s1 = Lanes.sum(c1.add(d1));
        float s2 = Lanes.sum(c2.add(d2));
        float s3 = Lanes.sum(c3.add(d3));
        for (; p < k; p++) {
            float x = as[a.at() + p];
            s0 += x * bs[b.at() + p];
            s1 += x * bs[b.at() + p + step];
            s2 += x * bs[b.at() + p + 2 * step];
            s3 += x * bs[b.at() + p + 3 * step];
        }
        if (start != null) {
            float[] added = start.array();
            int from = start.index(i, j);
            s0 += added[from];
            s1 += added[from + 1];
            s2 += added[from + 2];
            s3 += added[from + 3];
        }
        c[cAt] = s0;
        c[cAt + 1] = s1;
        c[cAt + 2] = s2;
        c[cAt + 3] = s3;
    }

    /// One row of a with one column of b, whatever their strides.
    private static float dot(Matrix a, Matrix b, int k) {
        float[] as = a.array();
        float[] bs = b.array();
        float sum = 0;
        for (int p = 0; p < k; p++) {
            sum += as[a.at() + p * a.column()] * bs[b.at() + p * b.row()];
        }
        return sum;
    }
}
