package torrefy.kernels.vector;

import static torrefy.kernels.vector.Lanes.COUNT;
import static torrefy.kernels.vector.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;

/// Products of a few rows with a matrix, as when text is generated word by word: every element of b is used so few
/// times that it is read where it lies, once, and never packed. The speed is that of memory.
///
/// Where rows of b are contiguous, eight registers hold a stretch of the result while the rows of b stream by; where
/// columns are, four dot products run side by side.
final class FewRowsMatmul {

    /// Up to how many rows this is faster than packing b.
    static final int MOST_ROWS = 4;

    /// Columns that are computed together.
    static final int STRETCH = 8 * COUNT;

    private FewRowsMatmul() {}

    /// `c = start + a·b` for the columns `from` to `to` of c; without `start` if it is null.
    static void columns(Matrix c, Matrix start, Matrix a, Matrix b, int m, int k, int from, int to) {
        for (int i = 0; i < m; i++) {
            Matrix row = a.from(i, 0);
            int begun = from;
            if (b.column() == 1) {
                for (; begun + STRETCH <= to; begun += STRETCH) {
                    stretch(c.array(), c.index(i, begun), row, b.from(0, begun), k, start, i, begun);
                }
                for (; begun + COUNT <= to; begun += COUNT) {
                    register(c.array(), c.index(i, begun), row, b.from(0, begun), k, start, i, begun);
                }
            } else if (b.row() == 1 && row.column() == 1) {
                for (; begun + 4 <= to; begun += 4) {
                    fourDots(c.array(), c.index(i, begun), row, b.from(0, begun), k, start, i, begun);
                }
            }
            for (; begun < to; begun++) {
                float sum = dot(row, b.from(0, begun), k);
                c.array()[c.index(i, begun)] = start == null ? sum : start.array()[start.index(i, begun)] + sum;
            }
        }
    }

    private static void stretch(float[] c, int cAt, Matrix a, Matrix b, int k, Matrix start, int i, int j) {
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
        int ap = a.at();
        int bp = b.at();
        for (int p = 0; p < k; p++) {
            FloatVector x = FloatVector.broadcast(FLOATS, as[ap]);
            c0 = x.fma(FloatVector.fromArray(FLOATS, bs, bp), c0);
            c1 = x.fma(FloatVector.fromArray(FLOATS, bs, bp + COUNT), c1);
            c2 = x.fma(FloatVector.fromArray(FLOATS, bs, bp + 2 * COUNT), c2);
            c3 = x.fma(FloatVector.fromArray(FLOATS, bs, bp + 3 * COUNT), c3);
            c4 = x.fma(FloatVector.fromArray(FLOATS, bs, bp + 4 * COUNT), c4);
            c5 = x.fma(FloatVector.fromArray(FLOATS, bs, bp + 5 * COUNT), c5);
            c6 = x.fma(FloatVector.fromArray(FLOATS, bs, bp + 6 * COUNT), c6);
            c7 = x.fma(FloatVector.fromArray(FLOATS, bs, bp + 7 * COUNT), c7);
            ap += a.column();
            bp += b.row();
        }
        float[] added = start == null ? null : start.array();
        int from = start == null ? 0 : start.index(i, j);
        store(c0, c, cAt, added, from);
        store(c1, c, cAt + COUNT, added, from + COUNT);
        store(c2, c, cAt + 2 * COUNT, added, from + 2 * COUNT);
        store(c3, c, cAt + 3 * COUNT, added, from + 3 * COUNT);
        store(c4, c, cAt + 4 * COUNT, added, from + 4 * COUNT);
        store(c5, c, cAt + 5 * COUNT, added, from + 5 * COUNT);
        store(c6, c, cAt + 6 * COUNT, added, from + 6 * COUNT);
        store(c7, c, cAt + 7 * COUNT, added, from + 7 * COUNT);
    }

    private static void register(float[] c, int cAt, Matrix a, Matrix b, int k, Matrix start, int i, int j) {
        FloatVector sum = FloatVector.zero(FLOATS);
        float[] as = a.array();
        float[] bs = b.array();
        int ap = a.at();
        int bp = b.at();
        for (int p = 0; p < k; p++) {
            sum = FloatVector.fromArray(FLOATS, bs, bp).lanewise(jdk.incubator.vector.VectorOperators.FMA, as[ap], sum);
            ap += a.column();
            bp += b.row();
        }
        store(sum, c, cAt, start == null ? null : start.array(), start == null ? 0 : start.index(i, j));
    }

    private static void store(FloatVector sum, float[] c, int at, float[] added, int from) {
        FloatVector result =
                added == null ? sum : FloatVector.fromArray(FLOATS, added, from).add(sum);
        result.intoArray(c, at);
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
