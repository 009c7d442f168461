package torrefy.kernels.vector;

import java.util.Arrays;
import torrefy.core.backend.AttentionKernels;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.ParallelLoop;

/// Causal attention by blocks of queries and keys.
///
/// What it adds over [torrefy.kernels.scalar.ScalarAttention], and `AttentionBenchmark` shows: scores, sums of values
/// and all gradients are matrix products by the tile of [MatmulTile], one block of queries by one block of keys, from
/// operands that are packed once per head. A block of scores never leaves the cache, and no (T, S) matrix is ever
/// kept: memory grows as T, time as T². Blocks of keys that no query of a block sees are skipped.
///
/// Read [AttentionForward], then [AttentionBackward].
final class VectorAttention implements AttentionKernels {

    /// Heads are cut into groups of queries if there are fewer heads than this, so that threads find enough to do.
    private static final int PIECES = 16;

    /// Queries in a group are a multiple of this.
    private static final int GROUP = 64;

    /// Up to so many queries are done without packing.
    private static final int FEW = FewRowsMatmul.MOST_ROWS_SERIAL;

    private final ParallelLoop loop;
    private final Worker[] workers;

    VectorAttention(ParallelLoop loop) {
        this.loop = loop;
        workers = new Worker[loop.threads()];
        Arrays.setAll(workers, worker -> new Worker());
    }

    /// What one worker keeps between calls.
    private static final class Worker {
        final Scratch scratch = new Scratch();
        final AttentionForward forward = new AttentionForward(scratch);
        final AttentionBackward backward = new AttentionBackward(scratch);
        float[] scores = new float[0];
    }

    @Override
    public void causalAttention(NdArray out, NdArray logSumExp, NdArray q, NdArray k, NdArray v, float scale) {
        int heads = q.size(0) * q.size(1);
        int queries = q.size(2);
        if (heads == 0 || queries == 0) {
            return;
        }
        int blocks = Math.ceilDiv(queries, GROUP);
        int groups = Math.min(blocks, Math.ceilDiv(PIECES, heads));
        int inGroup = Math.ceilDiv(blocks, groups) * GROUP;
        int pieces = Math.ceilDiv(queries, inGroup);
        // The last groups see the most keys: they come first, so that no thread is left alone with one at the end.
        loop.run(heads * pieces, (piece, worker) -> {
            int number = piece % heads;
            int from = (pieces - 1 - piece / heads) * inGroup;
            int to = Math.min(queries, from + inGroup);
            AttentionHead head = AttentionHead.of(number, q, k, v, scale);
            Matrix result = AttentionHead.matrix(out, number);
            int logAt = logSumExp.start() + number * queries;
            if (queries <= FEW) {
                few(head, result, logSumExp.floats(), logAt, workers[worker]);
            } else {
                workers[worker].forward.run(head, result, logSumExp.floats(), logAt, from, to);
            }
        });
    }

    /// A few queries, as in generation: keys and values are read once, where they lie, and a row of scores is short
    /// against them.
    private static void few(AttentionHead head, Matrix out, float[] logSumExp, int logSumExpAt, Worker worker) {
        int keys = head.keys();
        int queries = head.queries();
        int size = head.size();
        worker.scores = Scratch.atLeast(worker.scores, queries * keys);
        Matrix p = new Matrix(worker.scores, 0, keys, 1);
        VectorMatmul.serial(p, null, head.q(), head.k().transpose(), queries, keys, size, worker.scratch);
        for (int t = 0; t < queries; t++) {
            int row = t * keys;
            int own = head.visible(t);
            float largest = Rows.scaleAndMax(worker.scores, row, own, head.scale());
            double sum = Rows.expAndSum(worker.scores, row, worker.scores, row, own, largest);
            Rows.scale(worker.scores, row, own, (float) (1 / sum));
            Arrays.fill(worker.scores, row + own, row + keys, 0);
            logSumExp[logSumExpAt + t] = (float) (largest + Math.log(sum));
        }
        VectorMatmul.serial(out, null, p, head.v(), queries, size, keys, worker.scratch);
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
        int group = AttentionHead.group(q, k);
        // Heads that share keys add to the same gradients: one thread takes them, in order.
        loop.run(k.size(0) * k.size(1), (shared, worker) -> {
            for (int number = shared * group; number < (shared + 1) * group; number++) {
                AttentionBackward.Gradients gradients = new AttentionBackward.Gradients(
                        AttentionHead.matrix(dQ, number),
                        AttentionHead.matrix(dK, shared),
                        AttentionHead.matrix(dV, shared),
                        number > shared * group);
                workers[worker].backward.run(
                        AttentionHead.of(number, q, k, v, scale),
                        gradients,
                        AttentionHead.matrix(dOut, number),
                        AttentionHead.matrix(out, number),
                        logSumExp.floats(),
                        logSumExp.start() + number * q.size(2));
            }
        });
    }
}
