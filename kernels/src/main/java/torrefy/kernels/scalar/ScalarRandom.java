package torrefy.kernels.scalar;

import torrefy.core.backend.RandomKernels;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.ParallelLoop;
import torrefy.core.random.Distributions;
import torrefy.core.random.RandomKey;
import torrefy.kernels.strided.RowLoop;

/// Random numbers by position: a thread computes those of its own elements.
final class ScalarRandom implements RandomKernels {

    /// Words in a block of the generator.
    private static final int BLOCK = 4;

    /// A block costs about as much as this many additions.
    private static final int COST_OF_BLOCK = 64;

    private final ParallelLoop loop;

    ScalarRandom(ParallelLoop loop) {
        this.loop = loop;
    }

    @Override
    public void uniform(NdArray out, RandomKey key) {
        float[] o = out.floats();
        eachBlock(out, (block, count) -> Distributions.uniform(key, block, o, out.start() + block * BLOCK, count));
    }

    @Override
    public void normal(NdArray out, RandomKey key) {
        float[] o = out.floats();
        eachBlock(out, (block, count) -> Distributions.normal(key, block, o, out.start() + block * BLOCK, count));
    }

    @Override
    public void dropout(NdArray out, NdArray in, RandomKey key, float probability, boolean accumulate) {
        float[] o = out.floats();
        float[] x = in.floats();
        float scale = 1 / (1 - probability);
        eachBlock(out, (block, count) -> {
            int[] words = new int[BLOCK];
            for (int i = 0; i < count; i++) {
                if (i % BLOCK == 0) {
                    key.words(block + i / BLOCK, words, 0);
                }
                int at = block * BLOCK + i;
                boolean kept = Distributions.unit(words[i % BLOCK]) >= probability;
                float value = kept ? scale * x[in.start() + at] : 0;
                o[out.start() + at] = accumulate ? o[out.start() + at] + value : value;
            }
        });
    }

    /// What is done with `count` elements from the first of generator block `block` on.
    private interface Blocks {
        void run(int block, int count);
    }

    private void eachBlock(NdArray out, Blocks body) {
        int elements = out.elements();
        RowLoop.run(loop, Math.ceilDiv(elements, BLOCK), COST_OF_BLOCK, (from, to, worker) -> {
            body.run(from, Math.min(elements, to * BLOCK) - from * BLOCK);
        });
    }
}
