package torrefy.kernels.strided;

/// A walk through several arrays of one shape needs no more axes than their strides ask for.
public final class AxisJoining {

    private AxisJoining() {}

    /// Drops axes of size 1 and makes one of neighbours that all arrays cross without a gap. The order of elements
    /// stays.
    ///
    /// @param sizes outermost first; those of the axes that are kept come to the front
    /// @param strides by array, then by axis; likewise
    /// @return how many axes are kept; 0 for a single element
    public static int join(int[] sizes, int[][] strides) {
        int kept = 0;
        for (int axis = 0; axis < sizes.length; axis++) {
            if (sizes[axis] == 1) {
                continue;
            }
            if (kept > 0 && crossesWithoutGap(strides, kept - 1, axis, sizes[axis])) {
                kept--;
                sizes[kept] *= sizes[axis];
            } else {
                sizes[kept] = sizes[axis];
            }
            for (int[] ofArray : strides) {
                ofArray[kept] = ofArray[axis];
            }
            kept++;
        }
        return kept;
    }

    private static boolean crossesWithoutGap(int[][] strides, int outer, int inner, int innerSize) {
        for (int[] ofArray : strides) {
            if (ofArray[outer] != ofArray[inner] * innerSize) {
                return false;
            }
        }
        return true;
    }
}
