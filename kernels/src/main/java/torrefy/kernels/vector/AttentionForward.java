package torrefy.kernels.vector;

import static jdk.incubator.vector.VectorOperators.GT;
import static torrefy.kernels.vector.Lanes.COUNT;
import static torrefy.kernels.vector.Lanes.FLOATS;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/// Attention of many queries: what one worker does, and the memory it keeps for it.
///
/// The queries are taken by strips of [MatmulTile#COLUMNS], the keys by blocks of [#KEYS]. The scores are computed
/// transposed, `Sᵀ = K·Qᵀ`: one row for each key, one lane for each query. Then a block of scores lies as
/// [MatmulTile] reads the right operand of the next product, `Oᵀ += Vᵀ·Pᵀ`, and nothing is packed in between; and
/// maxima and sums over keys are taken lane by lane, so that no register is ever summed across.
///
/// The maximum m of the scores seen so far is carried from block to block, and with it the sum of `exp(s − m)`. When
/// it rises from m to m′, what has been added up is multiplied by `exp(m − m′)`: Milakov and Gimelshein, "Online
/// normalizer calculation for softmax", arXiv 1805.02867; Dao et al., "FlashAttention", arXiv 2205.14135, algorithm 1.
final class AttentionForward {

    /// Keys in a block. A strip of their scores, 32 KB with registers of 16, stays in the first-level cache.
    private static final int KEYS = 256;

    private static final int COLUMNS = MatmulTile.COLUMNS;

    private final Scratch scratch;
    private final float[] scores = new float[KEYS * COLUMNS];
    private final float[] largest = new float[COLUMNS];
    private final float[] correction = new float[COLUMNS];
    private final float[] sums = new float[COLUMNS];
    private float[] keys = new float[0];
    private float[] values = new float[0];
    private float[] queries = new float[0];
    private float[] result = new float[0];

    AttentionForward(Scratch scratch) {
        this.scratch = scratch;
    }

    /// The queries `from` to `to`.
    ///
    /// @param logSumExp of query t at `logSumExpAt + t`
    void run(AttentionHead head, Matrix out, float[] logSumExp, int logSumExpAt, int from, int to) {
        int size = head.size();
        int seen = head.visible(to - 1);
        keys = Scratch.atLeast(keys, Strips.lengthA(seen, size));
        values = Scratch.atLeast(values, Strips.lengthA(size, seen));
        queries = Scratch.atLeast(queries, Strips.lengthB(size, COLUMNS));
        result = Scratch.atLeast(result, Strips.lengthA(size, COLUMNS));
        Strips k = Strips.ofA(keys, seen, size);
        Strips v = new Strips(values, seen, size, MatmulTile.ROWS, KEYS);
        k.packColumns(head.k().transpose(), 0, seen, scratch);
        v.packColumns(head.v(), 0, size, scratch);
        for (int t = from; t < to; t += COLUMNS) {
            int count = Math.min(COLUMNS, to - t);
            Strips q = Strips.ofB(queries, size, count);
            q.pack(head.q().from(t, 0).transpose(), scratch);
            Rows.scale(queries, 0, Strips.lengthB(size, count), head.scale());
            strip(head, k, q, v, t, count);
            for (int i = 0; i < count; i++) {
                logSumExp[logSumExpAt + t + i] = (float) (largest[i] + Math.log(sums[i]));
                sums[i] = 1 / sums[i];
            }
            multiplyLanes(result, size, sums);
            Transposition.all(out.from(t, 0), new Matrix(result, 0, COLUMNS, 1), size, count, scratch.between);
        }
    }

    /// `Oᵀ = Vᵀ·Pᵀ` of one strip of queries, before division by the sums.
    private void strip(AttentionHead head, Strips k, Strips q, Strips v, int t, int count) {
        int visible = head.visible(t + count - 1);
        Arrays.fill(largest, Float.NEGATIVE_INFINITY);
        Arrays.fill(result, 0, Strips.lengthA(head.size(), COLUMNS), 0);
        for (int s = 0; s < visible; s += KEYS) {
            int rows = Math.min(KEYS, visible - s);
            PackedMatmul.strip(scores, 0, k, s, s + rows, q, 0);
            // Keys after the strip's first query are hidden from some: lanes before the first query that sees them.
            int firstVisible = head.visible(t) - s;
            for (int j = Math.max(0, firstVisible); j < rows; j++) {
                int hidden = Math.min(COLUMNS, j - firstVisible + 1);
                Arrays.fill(scores, j * COLUMNS, j * COLUMNS + hidden, Float.NEGATIVE_INFINITY);
            }
            for (int lane = 0; lane < COLUMNS; lane += COUNT) {
                exponentials(lane, rows, s == 0);
            }
            if (s > 0) {
                multiplyLanes(result, head.size(), correction);
            }
            for (int d = 0; d < head.size(); d += MatmulTile.ROWS) {
                MatmulTile.inStrip(rows, values, v.at(s, d), scores, 0, result, d * COLUMNS, true);
            }
        }
    }

    /// In one register of lanes: `P = exp(S − m)`, with the new maximum m, and `sums = sums·exp(m_before − m) + Σ P`.
    private void exponentials(int lane, int rows, boolean isFirst) {
        FloatVector before = FloatVector.fromArray(FLOATS, largest, lane);
        FloatVector most = before;
        for (int j = 0; j < rows; j++) {
            FloatVector score = FloatVector.fromArray(FLOATS, scores, j * COLUMNS + lane);
            most = most.blend(score, score.compare(GT, most));
        }
        most.intoArray(largest, lane);
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int j = 0; j < rows; j++) {
            int at = j * COLUMNS + lane;
            FloatVector p =
                    Functions.exp(FloatVector.fromArray(FLOATS, scores, at).sub(most));
            p.intoArray(scores, at);
            sum = sum.add(p);
        }
        if (!isFirst) {
            FloatVector factor = Functions.exp(before.sub(most));
            factor.intoArray(correction, lane);
            sum = FloatVector.fromArray(FLOATS, sums, lane).fma(factor, sum);
        }
        sum.intoArray(sums, lane);
    }

    /// `x[i, lane] = x[i, lane]·factors[lane]`
    private static void multiplyLanes(float[] x, int rows, float[] factors) {
        for (int lane = 0; lane < COLUMNS; lane += COUNT) {
            FloatVector factor = FloatVector.fromArray(FLOATS, factors, lane);
            for (int i = 0; i < rows; i++) {
                int at = i * COLUMNS + lane;
                FloatVector.fromArray(FLOATS, x, at).mul(factor).intoArray(x, at);
            }
        }
    }
}
