package torrefy.kernels.vector;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static torrefy.kernels.vector.Lanes.COUNT;
import static torrefy.kernels.vector.Lanes.FLOATS;
import static torrefy.kernels.vector.Lanes.INTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import torrefy.core.random.Distributions;
import torrefy.core.random.RandomKey;

/// The generator of [torrefy.core.random.Philox] for many counters at once, one in each 64-bit lane, so that the
/// product of two words has room. The numbers are the same.
final class PhiloxLanes {

    private static final VectorSpecies<Long> LONGS = FLOATS.withLanes(long.class);

    /// Counters in a register.
    private static final int BLOCKS = LONGS.length();

    /// Numbers that they give.
    private static final int GROUP = 4 * BLOCKS;

    private static final long WORD = 0xffffffffL;
    private static final long MULTIPLIER_0 = 0xD2511F53L;
    private static final long MULTIPLIER_1 = 0xCD9E8D57L;
    private static final long WEYL_0 = 0x9E3779B9L;
    private static final long WEYL_1 = 0xBB67AE85L;
    private static final int ROUNDS = 10;

    /// `0 1 2 …`
    private static final LongVector ASCENDING = LongVector.zero(LONGS).addIndex(1);

    private static final LongVector ZIP_LOW = zip(0);
    private static final LongVector ZIP_HIGH = zip(BLOCKS / 2);

    private PhiloxLanes() {}

    private static LongVector zip(int from) {
        long[] indices = new long[BLOCKS];
        for (int i = 0; i < BLOCKS; i++) {
            indices[i] = from + i / 2 + (i % 2) * (long) BLOCKS;
        }
        return LongVector.fromArray(LONGS, indices, 0);
    }

    /// [Distributions#uniform], beginning at element `4·block`.
    static void uniform(RandomKey key, long block, float[] out, int from, int count) {
        int whole = count - count % GROUP;
        for (int i = 0; i < whole; i += GROUP) {
            group(key.seed(), key.stream(), block + i / 4, out, from + i);
        }
        if (whole < count) {
            Distributions.uniform(key, block + whole / 4, out, from + whole, count - whole);
        }
    }

    private static void group(long key, long high, long low, float[] out, int at) {
        LongVector counter = ASCENDING.add(low);
        LongVector c0 = counter.and(WORD);
        LongVector c1 = counter.lanewise(LSHR, 32);
        LongVector c2 = LongVector.broadcast(LONGS, high & WORD);
        LongVector c3 = LongVector.broadcast(LONGS, high >>> 32);
        long k0 = key & WORD;
        long k1 = key >>> 32;
        for (int round = 0; round < ROUNDS; round++) {
            LongVector product0 = c0.and(WORD).mul(MULTIPLIER_0);
            LongVector product1 = c2.and(WORD).mul(MULTIPLIER_1);
            c0 = product1.lanewise(LSHR, 32).lanewise(VectorOperators.XOR, c1).lanewise(VectorOperators.XOR, k0);
            c2 = product0.lanewise(LSHR, 32).lanewise(VectorOperators.XOR, c3).lanewise(VectorOperators.XOR, k1);
            c1 = product1.and(WORD);
            c3 = product0.and(WORD);
            k0 = k0 + WEYL_0 & WORD;
            k1 = k1 + WEYL_1 & WORD;
        }
        LongVector first = c0.or(c1.lanewise(LSHL, 32));
        LongVector second = c2.or(c3.lanewise(LSHL, 32));
        unit(ZIP_LOW.selectFrom(first, second)).intoArray(out, at);
        unit(ZIP_HIGH.selectFrom(first, second)).intoArray(out, at + COUNT);
    }

    /// [Distributions#unit] of the words in a register.
    private static FloatVector unit(LongVector words) {
        IntVector upper = words.reinterpretAsInts().lanewise(LSHR, 8);
        assert upper.species() == INTS;
        FloatVector whole = (FloatVector) upper.convert(VectorOperators.I2F, 0);
        return whole.mul(0x1p-24f);
    }
}
