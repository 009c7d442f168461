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

    private static final FloatVector ROTATE_8 = rotation(8);
    private static final FloatVector ROTATE_4 = rotation(4);
    private static final FloatVector ROTATE_2 = rotation(2);
    private static final FloatVector ROTATE_1 = rotation(1);

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

    private static FloatVector rotation(int by) {
        float[] indices = new float[COUNT];
        for (int i = 0; i < COUNT; i++) {
            indices[i] = (i + by) % COUNT;
        }
        return FloatVector.fromArray(FLOATS, indices, 0);
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
    ///
    /// The indices are floats, although the instruction wants integers, because so no register changes its type in
    /// between: that is the least work for C2, which stops inlining in a large method and makes objects of registers.
    static float sum(FloatVector v) {
        FloatVector folded = v;
        if (COUNT >= 16) {
            folded = folded.add(ROTATE_8.selectFrom(folded));
        }
        if (COUNT >= 8) {
            folded = folded.add(ROTATE_4.selectFrom(folded));
        }
        folded = folded.add(ROTATE_2.selectFrom(folded));
        return folded.add(ROTATE_1.selectFrom(folded)).lane(0);
    }
}
