package torrefy.kernels.opencl;

import java.util.Arrays;
import torrefy.core.memory.NdArray;
import torrefy.kernels.strided.AxisJoining;

/// The axes over which a kernel walks through several arrays of one shape, made as few as their strides allow: axes of
/// size 1 are dropped, and neighbours that all arrays cross without a gap become one. The order of elements stays.
///
/// @param rank at least 1
/// @param sizes eight numbers, of which `rank` count
/// @param strides by array, eight numbers each
record Axes(int rank, int[] sizes, int[][] strides) {

    /// What a kernel takes.
    static final int MOST = 8;

    static Axes of(NdArray... arrays) {
        int[] sizes = arrays[0].shape().sizes();
        int[][] strides = new int[arrays.length][];
        for (int k = 0; k < arrays.length; k++) {
            NdArray array = arrays[k];
            strides[k] = new int[sizes.length];
            Arrays.setAll(strides[k], array::stride);
        }
        return of(sizes, strides);
    }

    /// The arguments are used up.
    static Axes of(int[] sizes, int[][] strides) {
        int kept = AxisJoining.join(sizes, strides);
        if (kept > MOST) {
            throw new IllegalArgumentException(
                    "the opencl backend takes arrays of at most " + MOST + " axes that cannot be joined, got " + kept);
        }
        int[] fixedSizes = Arrays.copyOf(sizes, MOST);
        int[][] fixedStrides = new int[strides.length][];
        for (int k = 0; k < strides.length; k++) {
            fixedStrides[k] = Arrays.copyOf(strides[k], MOST);
            Arrays.fill(fixedStrides[k], kept, MOST, 0);
        }
        Arrays.fill(fixedSizes, kept, MOST, 1);
        if (kept == 0) {
            // One element: its stride does not matter, and 1 makes it look contiguous.
            for (int[] each : fixedStrides) {
                each[0] = 1;
            }
        }
        return new Axes(Math.max(1, kept), fixedSizes, fixedStrides);
    }

    /// Whether element i of every array is its i-th number in memory.
    boolean isDense() {
        return rank == 1 && isUnit();
    }

    /// Whether all arrays have stride 1 along the innermost axis.
    boolean isUnit() {
        for (int[] ofArray : strides) {
            if (ofArray[rank - 1] != 1) {
                return false;
            }
        }
        return true;
    }

    /// The axes outside the innermost.
    Axes withoutInnermost() {
        int[] outerSizes = sizes.clone();
        outerSizes[rank - 1] = 1;
        return new Axes(Math.max(1, rank - 1), outerSizes, strides);
    }

    int elements() {
        int product = 1;
        for (int axis = 0; axis < rank; axis++) {
            product *= sizes[axis];
        }
        return product;
    }
}
