package torrefy.core.shape;

/// The rule by which arrays of different shapes meet in one elementwise operation: axes are aligned at the innermost,
/// missing ones count as 1, and a size of 1 stretches to the other's.
///
/// `(4, 1, 3)` and `(2, 3)` meet in `(4, 2, 3)`. The rule is NumPy's, and every array library's since.
public final class Broadcast {

    private Broadcast() {}

    /// The shape in which `a` and `b` meet. `operation` names the caller in the error.
    public static Shape shape(String operation, Shape a, Shape b) {
        int rank = Math.max(a.rank(), b.rank());
        int[] sizes = new int[rank];
        for (int fromEnd = 1; fromEnd <= rank; fromEnd++) {
            int sizeA = fromEnd <= a.rank() ? a.size(-fromEnd) : 1;
            int sizeB = fromEnd <= b.rank() ? b.size(-fromEnd) : 1;
            if (sizeA != sizeB && sizeA != 1 && sizeB != 1) {
                throw new IllegalArgumentException(
                        operation + ": shapes " + a + " and " + b + " do not fit: " + sizeA + " against " + sizeB);
            }
            sizes[rank - fromEnd] = sizeA == 1 ? sizeB : sizeA;
        }
        return Shape.of(sizes);
    }

    /// Whether `from` stretches to `to`.
    public static boolean fits(Shape from, Shape to) {
        if (from.rank() > to.rank()) {
            return false;
        }
        for (int fromEnd = 1; fromEnd <= from.rank(); fromEnd++) {
            if (from.size(-fromEnd) != 1 && from.size(-fromEnd) != to.size(-fromEnd)) {
                return false;
            }
        }
        return true;
    }
}
