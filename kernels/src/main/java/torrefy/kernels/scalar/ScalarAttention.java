package torrefy.kernels.scalar;

import java.util.Arrays;
import torrefy.core.backend.AttentionKernels;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.ParallelLoop;
import torrefy.kernels.strided.Batch;

/// Causal attention, one head of one sequence a piece, one query after another. In backward a head of keys is a piece,
/// because what its queries' heads add to it is summed up.
///
/// Everything is a sum of rows (see [RowCombination]). A query's scores are the rows of `kᵀ`, each times an element of
/// the query; its result is the rows of v, each times a probability; and what it adds to `dKᵀ` and `dVᵀ` are its rows
/// of `dS` and P, times the elements of q and dOut.
final class ScalarAttention implements AttentionKernels {

    /// So many queries add to the keys' and values' gradients at once.
    private static final int QUERIES = 4;

    private final ParallelLoop loop;
    private final Scratch[] scratch;

    ScalarAttention(ParallelLoop loop) {
        this.loop = loop;
        this.scratch = new Scratch[loop.threads()];
    }

    @Override
    public void causalAttention(NdArray out, NdArray logSumExp, NdArray q, NdArray k, NdArray v, float scale) {
        int queries = q.size(2);
        int keys = k.size(2);
        int size = q.size(3);
        int group = q.size(1) / k.size(1);
        loop.run(q.size(0) * q.size(1), (head, worker) -> {
            Scratch mine = scratch(worker, keys, size);
            loadColumns(mine.keyColumns, k, head / group);
            loadRows(mine.rows, v, head / group);
            float[] scores = mine.probabilities[0];
            for (int t = 0; t < queries; t++) {
                int visible = t + keys - queries + 1;
                int query = Batch.start(q, 2, head) + t * q.stride(2);
                combine(scores, q.floats(), query, mine.keyColumns, size, visible);
                float largest = Float.NEGATIVE_INFINITY;
                for (int s = 0; s < visible; s++) {
                    scores[s] *= scale;
                    largest = Math.max(largest, scores[s]);
                }
                double sum = 0;
                for (int s = 0; s < visible; s++) {
                    scores[s] = (float) Math.exp(scores[s] - largest);
                    sum += scores[s];
                }
                logSumExp.floats()[logSumExp.start() + head * queries + t] = (float) (largest + Math.log(sum));
                combine(mine.result, scores, 0, mine.rows, visible, size);
                int to = Batch.start(out, 2, head) + t * out.stride(2);
                float inverse = (float) (1 / sum);
                for (int d = 0; d < size; d++) {
                    out.floats()[to + d] = mine.result[d] * inverse;
                }
            }
        });
    }

    @Override
    public void causalAttentionGradient(
            NdArray dQ,
            NdArray dK,
            NdArray dV,
            NdArray dOut,
            NdArray out,
            NdArray logSumExp,
            NdArray q,
            NdArray k,
            NdArray v,
            float scale) {
        int keys = k.size(2);
        int size = q.size(3);
        int group = q.size(1) / k.size(1);
        loop.run(k.size(0) * k.size(1), (keyHead, worker) -> {
            Scratch mine = scratch(worker, keys, size);
            loadColumns(mine.keyColumns, k, keyHead);
            loadColumns(mine.valueColumns, v, keyHead);
            loadRows(mine.rows, k, keyHead);
            for (int d = 0; d < size; d++) {
                Arrays.fill(mine.dKeyColumns[d], 0, keys, 0);
                Arrays.fill(mine.dValueColumns[d], 0, keys, 0);
            }
            for (int head = keyHead * group; head < (keyHead + 1) * group; head++) {
                addGradients(dQ, dOut, out, logSumExp, q, head, keys, scale, mine);
            }
            storeColumns(dK, keyHead, mine.dKeyColumns);
            storeColumns(dV, keyHead, mine.dValueColumns);
        });
    }

    /// What one head of queries receives, and what it adds to its keys and values.
    private static void addGradients(
            NdArray dQ,
            NdArray dOut,
            NdArray out,
            NdArray logSumExp,
            NdArray q,
            int head,
            int keys,
            float scale,
            Scratch mine) {
        int queries = q.size(2);
        int size = q.size(3);
        int query = Batch.start(q, 2, head);
        int dOutRow = Batch.start(dOut, 2, head);
        for (int t = 0; t < queries; t += QUERIES) {
            int count = Math.min(QUERIES, queries - t);
            int visibleToLast = t + count + keys - queries;
            for (int i = 0; i < count; i++) {
                int visible = t + i + keys - queries + 1;
                float[] p = mine.probabilities[i];
                float[] dS = mine.dScores[i];
                int dOutAt = dOutRow + (t + i) * dOut.stride(2);
                combine(p, q.floats(), query + (t + i) * q.stride(2), mine.keyColumns, size, visible);
                combine(dS, dOut.floats(), dOutAt, mine.valueColumns, size, visible);
                float delta = dot(dOut, dOutAt, out, Batch.start(out, 2, head) + (t + i) * out.stride(2), size);
                float log = logSumExp.floats()[logSumExp.start() + head * queries + t + i];
                for (int s = 0; s < visible; s++) {
                    p[s] = (float) Math.exp(scale * p[s] - log);
                    dS[s] = scale * p[s] * (dS[s] - delta);
                }
                Arrays.fill(p, visible, visibleToLast, 0);
                Arrays.fill(dS, visible, visibleToLast, 0);
                combine(mine.result, dS, 0, mine.rows, visible, size);
                int to = Batch.start(dQ, 2, head) + (t + i) * dQ.stride(2);
                System.arraycopy(mine.result, 0, dQ.floats(), to, size);
            }
            for (int d = 0; d < size; d++) {
                int qAt = query + t * q.stride(2) + d;
                int dOutAt = dOutRow + t * dOut.stride(2) + d;
                RowCombination.addRows(
                        mine.dKeyColumns[d], q.floats(), qAt, q.stride(2), mine.dScores, count, visibleToLast);
                RowCombination.addRows(
                        mine.dValueColumns[d],
                        dOut.floats(),
                        dOutAt,
                        dOut.stride(2),
                        mine.probabilities,
                        count,
                        visibleToLast);
            }
        }
    }

    /// `out[j] = Σᵣ a[at + r]·rows[r][j]`
    private static void combine(float[] out, float[] a, int at, float[][] rows, int count, int length) {
        Arrays.fill(out, 0, length, 0);
        RowCombination.addRows(out, a, at, 1, rows, count, length);
    }

    private static float dot(NdArray a, int atA, NdArray b, int atB, int length) {
        double sum = 0;
        for (int i = 0; i < length; i++) {
            sum += a.floats()[atA + i] * b.floats()[atB + i];
        }
        return (float) sum;
    }

    /// `columns[d][s] = in[b, h, s, d]`, `head` counting (b, h)
    private static void loadColumns(float[][] columns, NdArray in, int head) {
        float[] x = in.floats();
        for (int s = 0; s < in.size(2); s++) {
            int row = Batch.start(in, 2, head) + s * in.stride(2);
            for (int d = 0; d < in.size(3); d++) {
                columns[d][s] = x[row + d];
            }
        }
    }

    /// `out[b, h, s, d] = columns[d][s]`
    private static void storeColumns(NdArray out, int head, float[][] columns) {
        float[] o = out.floats();
        for (int s = 0; s < out.size(2); s++) {
            int row = Batch.start(out, 2, head) + s * out.stride(2);
            for (int d = 0; d < out.size(3); d++) {
                o[row + d] = columns[d][s];
            }
        }
    }

    /// `rows[s][d] = in[b, h, s, d]`
    private static void loadRows(float[][] rows, NdArray in, int head) {
        for (int s = 0; s < in.size(2); s++) {
            int row = Batch.start(in, 2, head) + s * in.stride(2);
            System.arraycopy(in.floats(), row, rows[s], 0, in.size(3));
        }
    }

    /// What one thread keeps, for heads of at most this many keys of this size.
    private static final class Scratch {
        final int keys;
        final int size;
        final float[][] keyColumns;
        final float[][] valueColumns;
        final float[][] dKeyColumns;
        final float[][] dValueColumns;
        final float[][] rows;
        final float[][] probabilities;
        final float[][] dScores;
        final float[] result;

        Scratch(int keys, int size) {
            this.keys = keys;
            this.size = size;
            keyColumns = new float[size][keys];
            valueColumns = new float[size][keys];
            dKeyColumns = new float[size][keys];
            dValueColumns = new float[size][keys];
            rows = new float[keys][size];
            probabilities = new float[QUERIES][keys];
            dScores = new float[QUERIES][keys];
            result = new float[size];
        }
    }

    private Scratch scratch(int worker, int keys, int size) {
        Scratch kept = scratch[worker];
        if (kept == null || kept.keys < keys || kept.size < size) {
            kept = new Scratch(keys, size);
            scratch[worker] = kept;
        }
        return kept;
    }
}
