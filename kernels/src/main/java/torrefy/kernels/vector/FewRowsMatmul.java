package torrefy.kernels.vector;

/// Products of a few rows with a matrix, as when text is generated word by word: every element of b is used so few
/// times that it is read where it lies, once, and never packed. The speed is that of memory: one row by 3072 × 768
/// takes little longer than reading the weight alone, from four places at once, by as many threads.
///
/// [FewRowsByRows] is for a b whose rows are contiguous, [FewRowsByColumns] for one whose columns are.
final class FewRowsMatmul {

    /// Up to how many rows this is faster than packing b.
    static final int MOST_ROWS = 16;

    /// The same for a product whose operands are in the caches anyway.
    static final int MOST_ROWS_SERIAL = 4;

    /// The most columns of a piece of work: four rows of b of that length, and a row of c, are at home in the
    /// first-level cache.
    static final int WIDEST = 512;

    /// The fewest.
    static final int NARROWEST = 128;

    private FewRowsMatmul() {}

    /// Whether `m` rows are few.
    static boolean isFor(int m) {
        return m <= MOST_ROWS;
    }

    /// Eight rows or columns are read at once. This is how far they lie apart, of `count` that are left: an eighth of
    /// the whole, and not next to each other, because the hardware fetches ahead the further the longer it goes on in
    /// one place. An odd number, so that they do not all meet in the same sets of a cache.
    static int apart(int count) {
        int eighth = count / 8;
        return eighth - 1 + eighth % 2;
    }

    /// The smallest number from `count` on that is eight times [#apart] of it.
    static int wholeGroups(int count) {
        return 8 * (Math.ceilDiv(count, 8) | 1);
    }

    /// `c = start + a·b`, without `start` if it is null; b may be `BF16`.
    static void multiply(Matrix c, Matrix start, Matrix a, Matrix b, int m, int n, int k, Scratch scratch) {
        Matrix floats = b.widened(k, n, scratch);
        // As b lies, and not as a copy of it does, of which both strides may be 1: the same sums for the same numbers.
        if (b.column() == 1) {
            FewRowsByRows.multiply(c, start, a, floats, m, k, 0, n);
        } else {
            FewRowsByColumns.multiply(c, start, a, floats, m, k, 0, n);
        }
    }
}
