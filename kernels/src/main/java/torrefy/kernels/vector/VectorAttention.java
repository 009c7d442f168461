package torrefy.kernels.vector;

import static torrefy.kernels.vector.Lanes.COUNT;
import static torrefy.kernels.vector.Lanes.FLOATS;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import torrefy.core.backend.AttentionKernels;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.ParallelLoop;
import torrefy.kernels.strided.Batch;

/// Causal attention by blocks of queries.
///
/// What it adds over [torrefy.kernels.scalar.ScalarAttention], and `AttentionBenchmark` shows: scores, sums of values
/// and all gradients are matrix products of a block of queries with the keys it sees, by the tile of [MatmulTile],
/// from operands that are packed once per head. Scores live for one block, in memory that stays in the cache; no (T,
/// S) matrix is ever kept. The idea of recomputing probabilities block by block is that of Dao et al.,
/// "FlashAttention", arXiv 2205.14135; a block here holds whole rows, so that softmax needs no correction.
final class VectorAttention implements AttentionKernels {

    /// Queries in a block.
    private static final int BLOCK = 64;

    /// Heads are cut into groups of queries if there are fewer heads than this, so that threads find enough to do.
    private static final int PIECES = 16;

    /// Up to so many queries are done without packing.
    private static final int FEW = FewRowsMatmul.MOST_ROWS_SERIAL;

    private final ParallelLoop loop;
    private final Memory[] memory;

    VectorAttention(ParallelLoop loop) {
        this.loop = loop;
        memory = new Memory[loop.threads()];
        Arrays.setAll(memory, worker -> new Memory());
    }

    /// What one worker keeps between calls.
    private static final class Memory {
        final Scratch scratch = new Scratch();
        float[] scores = new float[0];
        float[] dScores = new float[0];
        float[] keys = new float[0];
        float[] values = new float[0];
        float[] keyRows = new float[0];

        void forward(int keyCount, int size) {
            scores = atLeast(scores, BLOCK * keyCount);
            keys = atLeast(keys, Strips.lengthB(size, keyCount));
            values = atLeast(values, Strips.lengthB(keyCount, size));
        }

        void backward(int keyCount, int size) {
            scores = atLeast(scores, BLOCK * keyCount);
            dScores = atLeast(dScores, BLOCK * keyCount);
            keys = atLeast(keys, Strips.lengthB(size, keyCount));
            values = atLeast(values, Strips.lengthB(size, keyCount));
            keyRows = atLeast(keyRows, Strips.lengthB(keyCount, size));
        }

        private static float[] atLeast(float[] array, int length) {
            return array.length < length ? new float[length] : array;
        }
    }

    /// The (T, D) matrix of one head.
    private static Matrix head(NdArray array, int head) {
        return new Matrix(array.floats(), Batch.start(array, 2, head), array.stride(2), array.stride(3));
    }

    @Override
    public void causalAttention(NdArray out, NdArray logSumExp, NdArray q, NdArray k, NdArray v, float scale) {
        int heads = q.size(0) * q.size(1);
        int queries = q.size(2);
        if (heads == 0 || queries == 0) {
            return;
        }
        int blocks = Math.ceilDiv(queries, BLOCK);
        int groups = Math.min(blocks, Math.ceilDiv(PIECES, heads));
        int inGroup = Math.ceilDiv(blocks, groups) * BLOCK;
        int pieces = Math.ceilDiv(queries, inGroup);
        // The last groups see the most keys: they come first, so that no thread is left alone with one at the end.
        loop.run(heads * pieces, (piece, worker) -> {
            int from = (pieces - 1 - piece / heads) * inGroup;
            forward(
                    out,
                    logSumExp,
                    q,
                    k,
                    v,
                    scale,
                    piece % heads,
                    from,
                    Math.min(queries, from + inGroup),
                    memory[worker]);
        });
    }

    /// The queries `from` to `to` of one head.
    private static void forward(
            NdArray out,
            NdArray logSumExp,
            NdArray q,
            NdArray k,
            NdArray v,
            float scale,
            int head,
            int from,
            int to,
            Memory memory) {
        int size = q.size(3);
        int before = k.size(2) - q.size(2);
        int seen = before + to;
        memory.forward(seen, size);
        Matrix queries = head(q, head);
        Matrix keys = head(k, head).transpose();
        Matrix values = head(v, head);
        Matrix result = head(out, head);
        Scratch scratch = memory.scratch;
        boolean few = to - from <= FEW;
        Strips packedKeys = Strips.ofB(memory.keys, size, seen);
        Strips packedValues = Strips.ofB(memory.values, seen, size);
        if (!few) {
            packedKeys.pack(keys, scratch);
            packedValues.pack(values, scratch);
        }
        for (int t = from; t < to; t += BLOCK) {
            int rows = Math.min(BLOCK, to - t);
            int visible = before + t + rows;
            Matrix scores = new Matrix(memory.scores, 0, visible, 1);
            if (few) {
                VectorMatmul.serial(scores, null, queries.from(t, 0), keys, rows, visible, size, scratch);
            } else {
                PackedMatmul.all(scores, null, queries.from(t, 0), packedKeys, size, rows, visible, scratch);
            }
            for (int i = 0; i < rows; i++) {
                int row = i * visible;
                int own = before + t + i + 1;
                float largest = Rows.scaleAndMax(memory.scores, row, own, scale);
                double sum = Rows.expAndSum(memory.scores, row, memory.scores, row, own, largest);
                Rows.scale(memory.scores, row, own, (float) (1 / sum));
                Arrays.fill(memory.scores, row + own, row + visible, 0);
                logSumExp.floats()[logSumExp.start() + head * q.size(2) + t + i] = (float) (largest + Math.log(sum));
            }
            if (few) {
                VectorMatmul.serial(result.from(t, 0), null, scores, values, rows, size, visible, scratch);
            } else {
                PackedMatmul.all(result.from(t, 0), null, scores, packedValues, visible, rows, size, scratch);
            }
        }
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
        loop.run(q.size(0) * q.size(1), (head, worker) -> {
            Head one = new Head(
                    head(dQ, head),
                    head(dK, head),
                    head(dV, head),
                    head(dOut, head),
                    head(out, head),
                    logSumExp.floats(),
                    logSumExp.start() + head * q.size(2),
                    head(q, head),
                    head(k, head),
                    head(v, head),
                    q.size(2),
                    k.size(2),
                    q.size(3),
                    scale);
            one.backward(memory[worker]);
        });
    }

    /// The arrays of one head.
    private record Head(
            Matrix dQ,
            Matrix dK,
            Matrix dV,
            Matrix dOut,
            Matrix out,
            float[] logSumExp,
            int logSumExpAt,
            Matrix q,
            Matrix k,
            Matrix v,
            int queries,
            int keys,
            int size,
            float scale) {

        void backward(Memory memory) {
            memory.backward(keys, size);
            Scratch scratch = memory.scratch;
            Strips packedKeys = Strips.ofB(memory.keys, size, keys);
            Strips packedValues = Strips.ofB(memory.values, size, keys);
            Strips keyRows = Strips.ofB(memory.keyRows, keys, size);
            packedKeys.pack(k.transpose(), scratch);
            packedValues.pack(v.transpose(), scratch);
            keyRows.pack(k, scratch);
            for (int s = 0; s < keys; s++) {
                Arrays.fill(dK.array(), dK.index(s, 0), dK.index(s, 0) + size, 0);
                Arrays.fill(dV.array(), dV.index(s, 0), dV.index(s, 0) + size, 0);
            }
            for (int t = 0; t < queries; t += BLOCK) {
                int rows = Math.min(BLOCK, queries - t);
                int visible = keys - queries + t + rows;
                Matrix p = new Matrix(memory.scores, 0, visible, 1);
                Matrix dS = new Matrix(memory.dScores, 0, visible, 1);
                Matrix queriesHere = q.from(t, 0);
                Matrix dOutHere = dOut.from(t, 0);
                PackedMatmul.all(p, null, queriesHere, packedKeys, size, rows, visible, scratch);
                PackedMatmul.all(dS, null, dOutHere, packedValues, size, rows, visible, scratch);
                for (int i = 0; i < rows; i++) {
                    int own = visible - rows + i + 1;
                    int row = i * visible;
                    float delta = Rows.dot(dOut.array(), dOut.index(t + i, 0), out.array(), out.index(t + i, 0), size);
                    softmaxGradient(memory, row, own, scale, logSumExp[logSumExpAt + t + i], delta);
                    Arrays.fill(memory.scores, row + own, row + visible, 0);
                    Arrays.fill(memory.dScores, row + own, row + visible, 0);
                }
                // dV += Pᵀ·dOut, dQ = dS·K, dK += dSᵀ·Q
                VectorMatmul.serial(dV, dV, p.transpose(), dOutHere, visible, size, rows, scratch);
                PackedMatmul.all(dQ.from(t, 0), null, dS, keyRows, visible, rows, size, scratch);
                VectorMatmul.serial(dK, dK, dS.transpose(), queriesHere, visible, size, rows, scratch);
            }
        }

        /// `P = exp(scale·S − logSumExp)` and `dS = scale·P ⊙ (dP − delta)`, of one row, in place.
        private static void softmaxGradient(Memory memory, int at, int length, float scale, float log, float delta) {
            float[] p = memory.scores;
            float[] d = memory.dScores;
            int i = 0;
            for (; i <= length - COUNT; i += COUNT) {
                FloatVector e = Functions.exp(
                        FloatVector.fromArray(FLOATS, p, at + i).mul(scale).sub(log));
                FloatVector difference =
                        FloatVector.fromArray(FLOATS, d, at + i).sub(delta).mul(scale);
                e.intoArray(p, at + i);
                e.mul(difference).intoArray(d, at + i);
            }
            if (i < length) {
                VectorMask<Float> rest = FLOATS.indexInRange(i, length);
                FloatVector e = Functions.exp(FloatVector.fromArray(FLOATS, p, at + i, rest)
                        .mul(scale)
                        .sub(log));
                FloatVector difference = FloatVector.fromArray(FLOATS, d, at + i, rest)
                        .sub(delta)
                        .mul(scale);
                e.intoArray(p, at + i, rest);
                e.mul(difference).intoArray(d, at + i, rest);
            }
        }
    }
}
