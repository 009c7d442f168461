package torrefy.kernels.vector;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.I2S;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.OR;
import static jdk.incubator.vector.VectorOperators.XOR;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;
import static torrefy.kernels.vector.Lanes.COUNT;
import static torrefy.kernels.vector.Lanes.FLOATS;
import static torrefy.kernels.vector.Lanes.INTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import torrefy.core.memory.Bfloat16;
import torrefy.core.random.RoundingBits;

/// Conversion between floats and [Bfloat16], a register at once. The bits are those of the scalar methods.
final class Bfloat16Lanes {

    /// As many as there are floats in a register.
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));

    /// `0 1 2 …`
    private static final IntVector ASCENDING = IntVector.zero(INTS).addIndex(1);

    private static final int QUIET = 0x400000;
    private static final int INFINITE = 0x7f800000;

    private Bfloat16Lanes() {}

    /// `out[to + i] = in[from + i]`, exactly.
    static void widen(float[] out, int to, short[] in, int from, int count) {
        int i = 0;
        for (; i <= count - COUNT; i += COUNT) {
            load(in, from + i).intoArray(out, to + i);
        }
        for (; i < count; i++) {
            out[to + i] = Bfloat16.toFloat(in[from + i]);
        }
    }

    /// A register of floats.
    static FloatVector load(short[] in, int from) {
        IntVector bits = (IntVector) ShortVector.fromArray(SHORTS, in, from).convertShape(ZERO_EXTEND_S2I, INTS, 0);
        return bits.lanewise(LSHL, 16).reinterpretAsFloats();
    }

    /// `out[to + i] = in[from + i]`, rounded to nearest, ties to even.
    static void round(short[] out, int to, float[] in, int from, int count) {
        int i = 0;
        for (; i <= count - COUNT; i += COUNT) {
            IntVector bits = FloatVector.fromArray(FLOATS, in, from + i).reinterpretAsInts();
            store(bits, bits.add(0x7fff).add(bits.lanewise(LSHR, 16).and(1)), out, to + i);
        }
        for (; i < count; i++) {
            out[to + i] = Bfloat16.fromFloat(in[from + i]);
        }
    }

    /// `out[to + i] = in[from + i]`, rounded stochastically by the bits of `position + i`.
    static void round(short[] out, int to, float[] in, int from, int count, RoundingBits rounding, int position) {
        int i = 0;
        for (; i <= count - COUNT; i += COUNT) {
            IntVector bits = FloatVector.fromArray(FLOATS, in, from + i).reinterpretAsInts();
            IntVector random = random(rounding, position + i).and(0xffff);
            store(bits, bits.add(random), out, to + i);
        }
        for (; i < count; i++) {
            out[to + i] = Bfloat16.fromFloat(in[from + i], rounding.at(position + i));
        }
    }

    /// The upper halves of `rounded`; what is not a number, by its bits, stays none.
    private static void store(IntVector bits, IntVector rounded, short[] out, int to) {
        IntVector kept =
                rounded.blend(bits.lanewise(OR, QUIET), bits.and(0x7fffffff).compare(GT, INFINITE));
        ((ShortVector) kept.lanewise(LSHR, 16).convertShape(I2S, SHORTS, 0)).intoArray(out, to);
    }

    /// [RoundingBits#at] for the positions from `position` on.
    private static IntVector random(RoundingBits rounding, int position) {
        IntVector x = ASCENDING.add(position).lanewise(XOR, rounding.first());
        return mix(mix(x).lanewise(XOR, rounding.second()));
    }

    private static IntVector mix(IntVector x) {
        IntVector y = x.lanewise(XOR, x.lanewise(LSHR, 16)).mul(RoundingBits.MULTIPLIER_0);
        IntVector z = y.lanewise(XOR, y.lanewise(LSHR, 15)).mul(RoundingBits.MULTIPLIER_1);
        return z.lanewise(XOR, z.lanewise(LSHR, 16));
    }
}
