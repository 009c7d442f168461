package torrefy.kernels.vector;

/// An operand of a matrix product, packed for [PackedMatmul]: b, (k, n), in strips of [MatmulTile#COLUMNS] columns, or
/// aᵀ, (k, m), in strips of [MatmulTile#ROWS].
///
/// The sum over p is cut into *slices* of equal depth. A slice is packed on its own, strip by strip, so that a strip
/// of a slice is one stretch of memory that fits into the first-level cache. Both operands of a product are cut alike.
///
/// @param width of a strip
/// @param depth of every slice but the last, which may be less
record Strips(float[] array, int k, int n, int width, int depth) {

    /// The deepest slice: a strip of b takes `DEPTH·COLUMNS` floats, 32 KB with registers of 16. It does not follow the
    /// caches of the machine, as all else does, because it decides in which order a sum is taken: the same program
    /// gives the same bits everywhere.
    static final int DEPTH = 256;

    /// About how many floats a piece packs.
    private static final int PIECE = 1 << 15;

    /// Strips for b, or a part of it, (k, n), in `array`.
    static Strips ofB(float[] array, int k, int n) {
        return new Strips(array, k, n, MatmulTile.COLUMNS, depth(k));
    }

    /// Strips for a, or a part of it, (m, k), in `array`.
    static Strips ofA(float[] array, int m, int k) {
        return new Strips(array, k, m, MatmulTile.ROWS, depth(k));
    }

    private static int depth(int k) {
        return Math.max(1, Math.ceilDiv(k, Math.max(1, Math.ceilDiv(k, DEPTH))));
    }

    /// How many floats a packed b of (k, n) takes.
    static int lengthB(int k, int n) {
        return Packing.size(n, k, MatmulTile.COLUMNS);
    }

    /// How many floats a packed a of (m, k) takes.
    static int lengthA(int m, int k) {
        return Packing.size(m, k, MatmulTile.ROWS);
    }

    int slices() {
        return Math.ceilDiv(k, depth);
    }

    /// Where the strip that begins at column j of the slice that begins at p stands.
    int at(int p, int j) {
        return Packing.size(n, p, width) + j * Math.min(depth, k - p);
    }

    /// In how many pieces `m` is packed.
    int pieces(Matrix m) {
        return m.column() == 1
                ? slices() * Math.ceilDiv(depth, rowsInPiece())
                : slices() * Math.ceilDiv(n, wideInPiece());
    }

    /// Packs one of the pieces of `m`, (k, n), the operand or its transpose: whole rows, if rows are contiguous, or
    /// else whole strips. Pieces are independent of each other.
    void pack(Matrix m, int piece, Scratch scratch) {
        if (m.column() == 1) {
            int inSlice = Math.ceilDiv(depth, rowsInPiece());
            int end = Math.min(k, (piece / inSlice + 1) * depth);
            int from = piece / inSlice * depth + piece % inSlice * rowsInPiece();
            packRows(m, from, Math.min(end, from + rowsInPiece()), scratch);
        } else {
            int from = piece / slices() * wideInPiece();
            packColumns(m, piece % slices() * depth, from, Math.min(n, from + wideInPiece()), scratch);
        }
    }

    private int rowsInPiece() {
        return Math.clamp(PIECE / Math.max(1, n), 1, depth);
    }

    private int wideInPiece() {
        return Math.max(1, PIECE / (width * depth)) * width;
    }

    /// Packs all columns of the rows `from` to `to`, which lie in one slice, of a matrix whose rows are contiguous.
    private void packRows(Matrix m, int from, int to, Scratch scratch) {
        if (from < to) {
            int first = from / depth * depth;
            int deep = Math.min(depth, k - first);
            Matrix part = m.from(from, 0).widened(to - from, n, scratch);
            Packing.copy(part, n, to - from, width, array, at(first, 0), from - first, deep);
        }
    }

    /// Packs the columns `from` to `to` of all rows. `from` is a multiple of the width.
    void packColumns(Matrix m, int from, int to, Scratch scratch) {
        for (int first = 0; first < k; first += depth) {
            packColumns(m, first, from, to, scratch);
        }
    }

    /// Packs the columns `from` to `to` of the slice that begins with row `first`.
    private void packColumns(Matrix m, int first, int from, int to, Scratch scratch) {
        int deep = Math.min(depth, k - first);
        Matrix part = m.from(first, from).widened(deep, to - from, scratch);
        int at = at(first, from);
        if (m.column() == 1) {
            Packing.copy(part, to - from, deep, width, array, at, 0, deep);
        } else {
            Packing.transpose(part.transpose(), to - from, deep, width, array, at, scratch.between);
        }
    }

    /// Packs all of `m`.
    void pack(Matrix m, Scratch scratch) {
        for (int piece = 0; piece < pieces(m); piece++) {
            pack(m, piece, scratch);
        }
    }
}
