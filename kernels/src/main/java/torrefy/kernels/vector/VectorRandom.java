package torrefy.kernels.vector;

import static jdk.incubator.vector.VectorOperators.GE;
import static torrefy.kernels.vector.Lanes.COUNT;
import static torrefy.kernels.vector.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import torrefy.core.backend.RandomKernels;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.ParallelLoop;
import torrefy.core.random.RandomKey;
import torrefy.kernels.strided.RowLoop;

/// Random numbers by position.
///
/// What it adds over [torrefy.kernels.scalar.ScalarRandom], and `ElementwiseBenchmark` shows: as many counters at
/// once as a register has 64-bit lanes ([PhiloxLanes]). Normal numbers are made when a model is, once; they are the
/// scalar column's.
final class VectorRandom implements RandomKernels {

    /// Words that a counter gives.
    private static final int BLOCK = 4;

    /// A block costs about as much as this many additions.
    private static final int COST_OF_BLOCK = 16;

    /// Numbers that dropout makes ahead.
    private static final int CHUNK = 512;

    private final ParallelLoop loop;
    private final RandomKernels scalar;
    private final float[][] ahead;

    VectorRandom(ParallelLoop loop, RandomKernels scalar) {
        this.loop = loop;
        this.scalar = scalar;
        ahead = new float[loop.threads()][CHUNK];
    }

    @Override
    public void uniform(NdArray out, RandomKey key) {
        int elements = out.elements();
        RowLoop.run(loop, Math.ceilDiv(elements, BLOCK), COST_OF_BLOCK, (from, to, worker) -> {
            int count = Math.min(elements, to * BLOCK) - from * BLOCK;
            PhiloxLanes.uniform(key, from, out.floats(), out.start() + from * BLOCK, count);
        });
    }

    @Override
    public void normal(NdArray out, RandomKey key) {
        scalar.normal(out, key);
    }

    @Override
    public void dropout(NdArray out, NdArray in, RandomKey key, float probability, boolean accumulate) {
        int elements = out.elements();
        float[] o = out.floats();
        float[] x = in.floats();
        RowLoop.run(loop, Math.ceilDiv(elements, BLOCK), COST_OF_BLOCK, (from, to, worker) -> {
            float[] numbers = ahead[worker];
            int end = Math.min(elements, to * BLOCK);
            for (int at = from * BLOCK; at < end; at += CHUNK) {
                int count = Math.min(CHUNK, end - at);
                PhiloxLanes.uniform(key, at / BLOCK, numbers, 0, count);
                drop(o, out.start() + at, x, in.start() + at, numbers, count, probability, accumulate);
            }
        });
    }

    private static void drop(
            float[] o, int to, float[] x, int from, float[] numbers, int count, float probability, boolean accumulate) {
        float scale = 1 / (1 - probability);
        FloatVector zero = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i <= count - COUNT; i += COUNT) {
            FloatVector scaled = FloatVector.fromArray(FLOATS, x, from + i).mul(scale);
            FloatVector kept =
                    zero.blend(scaled, FloatVector.fromArray(FLOATS, numbers, i).compare(GE, probability));
            if (accumulate) {
                kept = kept.add(FloatVector.fromArray(FLOATS, o, to + i));
            }
            kept.intoArray(o, to + i);
        }
        for (; i < count; i++) {
            float kept = numbers[i] >= probability ? scale * x[from + i] : 0;
            o[to + i] = accumulate ? o[to + i] + kept : kept;
        }
    }
}
