package torrefy.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// The shape of the registers that every kernel here computes in: the widest the machine is fast with, 4, 8 or 16
/// floats.
///
/// Sums across the lanes of a register are taken here, in a fixed order. `reduceLanes(ADD)` leaves its order open,
/// and compiled and interpreted code do choose differently, so that a result would depend on when a method got hot.
final class Lanes {

    static final VectorSpecies<Float> FLOATS = VectorSpecies.of(float.class, VectorShape.forBitSize(bits()));
    static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);

    /// Floats in a register.
    static final int COUNT = FLOATS.length();

    /// `(x₀ y₀ x₁ y₁ …)` of the lower halves, and of the upper halves, of two registers.
    private static final IntVector ZIP_LOW = IntVector.fromArray(INTS, zipIndices(0), 0);

    private static final IntVector ZIP_HIGH = IntVector.fromArray(INTS, zipIndices(COUNT / 2), 0);

    private static final IntVector ROTATE_8 = rotation(8);
    private static final IntVector ROTATE_4 = rotation(4);
    private static final IntVector ROTATE_2 = rotation(2);
    private static final IntVector ROTATE_1 = rotation(1);

    private Lanes() {}

    /// The preferred width; at most 512 bits and at least 128, the widths the kernels are written for.
    private static int bits() {
        return Math.clamp(FloatVector.SPECIES_PREFERRED.vectorBitSize(), 128, 512);
    }

    private static int[] zipIndices(int from) {
        int[] indices = new int[COUNT];
        for (int i = 0; i < COUNT; i++) {
            indices[i] = from + i / 2 + (i % 2) * COUNT;
        }
        return indices;
    }

    private static IntVector rotation(int by) {
        int[] indices = new int[COUNT];
        for (int i = 0; i < COUNT; i++) {
            indices[i] = (i + by) % COUNT;
        }
        return IntVector.fromArray(INTS, indices, 0);
    }

    /// Interleaves the lower halves of `x` and `y`.
    static IntVector zipLow(IntVector x, IntVector y) {
        return ZIP_LOW.selectFrom(x, y);
    }

    /// Interleaves the upper halves of `x` and `y`.
    static IntVector zipHigh(IntVector x, IntVector y) {
        return ZIP_HIGH.selectFrom(x, y);
    }

    /// The sum over the lanes: halves are added to each other until one number is left.
    static float sum(FloatVector v) {
        FloatVector folded = v;
        if (COUNT >= 16) {
            folded = folded.add(rotate(folded, ROTATE_8));
        }
        if (COUNT >= 8) {
            folded = folded.add(rotate(folded, ROTATE_4));
        }
        folded = folded.add(rotate(folded, ROTATE_2));
        return folded.add(rotate(folded, ROTATE_1)).lane(0);
    }

    private static FloatVector rotate(FloatVector v, IntVector indices) {
        IntVector bits = v.reinterpretAsInts();
        return indices.selectFrom(bits).reinterpretAsFloats();
    }
}
