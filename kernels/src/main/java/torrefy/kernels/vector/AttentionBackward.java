package torrefy.kernels.vector;

import static torrefy.kernels.vector.Lanes.COUNT;
import static torrefy.kernels.vector.Lanes.FLOATS;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/// The gradient of attention of one head: what one worker does, and the memory it keeps for it.
///
/// Keys are taken by blocks of [#KEYS], and for each of them the queries that see it, by blocks of [#QUERIES]. The
/// probabilities are computed again from the scores and `logSumExp`. Here a lane is a key: the strips of P and dS lie
/// as [MatmulTile] reads the right operands of `dVᵀ += dOutᵀ·P` and `dKᵀ += Qᵀ·dS`, and only for `dQ += dS·K` is dS
/// packed. Gradients of keys and values are added up transposed, for one block of keys, and written once.
///
/// Dao, "FlashAttention-2", arXiv 2307.08691, algorithm 2, has these loops in this order.
final class AttentionBackward {

    /// Keys in a block: P and dS of a block of scores take 64 KB each.
    private static final int KEYS = 128;

    /// Queries in a block.
    private static final int QUERIES = 128;

    private static final int ROWS = MatmulTile.ROWS;
    private static final int COLUMNS = MatmulTile.COLUMNS;

    /// What is packed in strips of rows, for the whole head.
    private static final class Packed {
        private float[] array = new float[0];
        private float[] transposed = new float[0];
        Strips rows;
        Strips columns;

        /// `m` has shape (T, D).
        void pack(Matrix m, int times, int size, Scratch scratch) {
            array = Scratch.atLeast(array, Strips.lengthA(times, size));
            transposed = Scratch.atLeast(transposed, Strips.lengthA(size, times));
            rows = Strips.ofA(array, times, size);
            columns = new Strips(transposed, times, size, ROWS, QUERIES);
            rows.packColumns(m.transpose(), 0, times, scratch);
            columns.packColumns(m, 0, size, scratch);
        }
    }

    private final Scratch scratch;
    private final Packed q = new Packed();
    private final Packed dOut = new Packed();
    private final float[] p = new float[KEYS * QUERIES];
    private final float[] dS = new float[KEYS * QUERIES];
    private final float[] dSRows = new float[COLUMNS * KEYS];
    private float[] delta = new float[0];
    private float[] keys = new float[0];
    private float[] values = new float[0];
    private float[] keyRows = new float[0];
    private float[] dKeys = new float[0];
    private float[] dValues = new float[0];

    AttentionBackward(Scratch scratch) {
        this.scratch = scratch;
    }

    /// Where the gradients of one head go.
    ///
    /// @param added whether those of keys and values are added to what is there
    record Gradients(Matrix dQ, Matrix dK, Matrix dV, boolean added) {}

    /// @param logSumExp of query t at `logSumExpAt + t`
    void run(AttentionHead head, Gradients gradients, Matrix dOut, Matrix out, float[] logSumExp, int logSumExpAt) {
        int size = head.size();
        this.q.pack(head.q(), head.queries(), size, scratch);
        this.dOut.pack(dOut, head.queries(), size, scratch);
        delta = Scratch.atLeast(delta, head.queries());
        for (int t = 0; t < head.queries(); t++) {
            delta[t] = Rows.dot(dOut.array(), dOut.index(t, 0), out.array(), out.index(t, 0), size);
        }
        int length = Strips.lengthB(size, KEYS);
        keys = Scratch.atLeast(keys, length);
        values = Scratch.atLeast(values, length);
        keyRows = Scratch.atLeast(keyRows, Strips.lengthB(KEYS, size));
        dKeys = Scratch.atLeast(dKeys, Strips.lengthA(size, KEYS));
        dValues = Scratch.atLeast(dValues, Strips.lengthA(size, KEYS));
        for (int s = 0; s < head.keys(); s += KEYS) {
            keyBlock(head, gradients, logSumExp, logSumExpAt, s, Math.min(KEYS, head.keys() - s));
        }
    }

    /// The keys `s` to `s + count`.
    private void keyBlock(
            AttentionHead head, Gradients gradients, float[] logSumExp, int logSumExpAt, int s, int count) {
        int size = head.size();
        Strips k = Strips.ofB(keys, size, count);
        Strips v = Strips.ofB(values, size, count);
        Strips kRows = Strips.ofB(keyRows, count, size);
        k.pack(head.k().from(s, 0).transpose(), scratch);
        v.pack(head.v().from(s, 0).transpose(), scratch);
        kRows.pack(head.k().from(s, 0), scratch);
        int stride = Strips.lengthA(size, COLUMNS);
        Arrays.fill(dKeys, 0, stride * Math.ceilDiv(count, COLUMNS), 0);
        Arrays.fill(dValues, 0, stride * Math.ceilDiv(count, COLUMNS), 0);
        if (gradients.added()) {
            for (int j = 0; j < count; j += COLUMNS) {
                int width = Math.min(COLUMNS, count - j);
                Transposition.all(
                        columns(dKeys, j, stride), gradients.dK().from(s + j, 0), width, size, scratch.between);
                Transposition.all(
                        columns(dValues, j, stride), gradients.dV().from(s + j, 0), width, size, scratch.between);
            }
        }
        int firstQuery = Math.max(0, s - head.visible(0) + 1);
        for (int t = firstQuery / QUERIES * QUERIES; t < head.queries(); t += QUERIES) {
            int rows = Math.min(QUERIES, head.queries() - t);
            for (int j = 0; j < count; j += COLUMNS) {
                int first = Math.max(0, s + j - head.visible(t) + 1) / COLUMNS * COLUMNS;
                if (first < rows) {
                    scores(head, k, v, logSumExp, logSumExpAt, s, j, t, first, rows);
                    int from = j * QUERIES + first * COLUMNS;
                    int to = j / COLUMNS * stride;
                    addTransposed(dValues, to, dOut.columns, t, first, rows, p, from, size);
                    addTransposed(dKeys, to, q.columns, t, first, rows, dS, from, size);
                }
            }
            queries(head, gradients.dQ(), kRows, s, count, t, rows);
        }
        for (int j = 0; j < count; j += COLUMNS) {
            int width = Math.min(COLUMNS, count - j);
            Transposition.all(gradients.dK().from(s + j, 0), columns(dKeys, j, stride), size, width, scratch.between);
            Transposition.all(gradients.dV().from(s + j, 0), columns(dValues, j, stride), size, width, scratch.between);
        }
    }

    /// The strip of gradients that begins with key j, (D, COLUMNS).
    private static Matrix columns(float[] strips, int j, int stride) {
        return new Matrix(strips, j / COLUMNS * stride, COLUMNS, 1);
    }

    /// A strip of P and dS: the keys from `s + j` on, the queries `t + first` to `t + rows`.
    private void scores(
            AttentionHead head,
            Strips k,
            Strips v,
            float[] logSumExp,
            int logSumExpAt,
            int s,
            int j,
            int t,
            int first,
            int rows) {
        int at = j * QUERIES;
        PackedMatmul.strip(p, at + first * COLUMNS, q.rows, t + first, t + rows, k, j);
        PackedMatmul.strip(dS, at + first * COLUMNS, dOut.rows, t + first, t + rows, v, j);
        for (int lane = 0; lane < COLUMNS; lane += COUNT) {
            softmaxGradient(at + lane, logSumExp, logSumExpAt + t, t, first, rows, head.scale());
        }
        for (int i = first; i < rows; i++) {
            int own = head.visible(t + i) - s - j;
            if (own >= COLUMNS) {
                break;
            }
            int row = at + i * COLUMNS;
            Arrays.fill(p, row + Math.max(0, own), row + COLUMNS, 0);
            Arrays.fill(dS, row + Math.max(0, own), row + COLUMNS, 0);
        }
    }

    /// `P = exp(scale·S − logSumExp)` and `dS = scale·P ⊙ (dP − delta)`, in place, one register of each row.
    private void softmaxGradient(int at, float[] log, int logAt, int t, int first, int rows, float scale) {
        FloatVector factor = FloatVector.broadcast(FLOATS, scale);
        for (int i = first; i < rows; i++) {
            int here = at + i * COLUMNS;
            FloatVector minusLog = FloatVector.broadcast(FLOATS, -log[logAt + i]);
            FloatVector e = Functions.exp(FloatVector.fromArray(FLOATS, p, here).fma(factor, minusLog));
            FloatVector difference = FloatVector.fromArray(FLOATS, dS, here).sub(delta[t + i]);
            e.intoArray(p, here);
            e.mul(factor).mul(difference).intoArray(dS, here);
        }
    }

    /// `out += aᵀ·b` with the rows `t + first` to `t + rows` of a, (T, D), and a strip of b that begins with them.
    private static void addTransposed(
            float[] out, int to, Strips a, int t, int first, int rows, float[] b, int bAt, int size) {
        for (int d = 0; d < size; d += ROWS) {
            int from = a.at(t, d) + first * ROWS;
            MatmulTile.inStrip(rows - first, a.array(), from, b, bAt, out, to + d * COLUMNS, true);
        }
    }

    /// `dQ += dS·K` of the queries `t` to `t + rows`, a few at a time, so that none meets many keys it does not see.
    private void queries(AttentionHead head, Matrix dQ, Strips kRows, int s, int count, int t, int rows) {
        for (int i = 0; i < rows; i += COLUMNS) {
            int few = Math.min(COLUMNS, rows - i);
            int depth = Math.min(count, head.visible(t + i + few - 1) - s);
            if (depth <= 0) {
                continue;
            }
            Strips a = new Strips(dSRows, depth, few, ROWS, depth);
            for (int j = 0; j < depth; j += COLUMNS) {
                int width = Math.min(COLUMNS, depth - j);
                for (int g = 0; g < few; g += ROWS) {
                    Matrix part = new Matrix(dS, j * QUERIES + (i + g) * COLUMNS, COLUMNS, 1);
                    int height = Math.min(ROWS, few - g);
                    Packing.transpose(part, height, width, ROWS, dSRows, a.at(0, g) + j * ROWS, scratch.between);
                }
            }
            Matrix out = dQ.from(t + i, 0);
            PackedMatmul.block(out, s == 0 ? null : out, a, kRows, 0, few, 0, head.size(), scratch.tile);
        }
    }
}
