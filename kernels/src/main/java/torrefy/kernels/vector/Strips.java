package torrefy.kernels.vector;

/// The right operand b of a matrix product, (k, n), packed for [PackedMatmul].
///
/// The sum over p is cut into *slices* of equal depth. A slice is packed on its own, strip by strip, so that a strip
/// of a slice is one stretch of memory that fits into the first-level cache.
record Strips(float[] array, int k, int n) {

    /// The deepest slice: a strip takes `DEPTH·COLUMNS` floats, 32 KB with registers of 16.
    static final int DEPTH = 256;

    /// How many floats a packed (k, n) takes.
    static int length(int k, int n) {
        return Packing.size(n, k, MatmulTile.COLUMNS);
    }

    /// The depth of every slice but the last, which may be less.
    int depth() {
        return Math.ceilDiv(k, Math.ceilDiv(k, DEPTH));
    }

    int slices() {
        return Math.ceilDiv(k, depth());
    }

    /// Where the strip that begins at column j of the slice that begins at p stands.
    int at(int p, int j) {
        return Packing.size(n, p, MatmulTile.COLUMNS) + j * Math.min(depth(), k - p);
    }

    /// Packs all columns of the rows `from` to `to` of b, which lie in one slice. For a b whose rows are contiguous.
    void packRows(Matrix b, int from, int to) {
        int first = from / depth() * depth();
        int deep = Math.min(depth(), k - first);
        Packing.copyWide(b.from(from, 0), n, to - from, array, at(first, 0), from - first, deep);
    }

    /// Packs the columns `from` to `to` of one slice of b. `from` is a multiple of [MatmulTile#COLUMNS]. For any b.
    void packColumns(Matrix b, int slice, int from, int to, Scratch scratch) {
        int first = slice * depth();
        int deep = Math.min(depth(), k - first);
        Matrix part = b.from(first, from);
        if (b.column() == 1) {
            Packing.copyWide(part, to - from, deep, array, at(first, from), 0, deep);
        } else {
            Packing.transposeWide(part.transpose(), to - from, deep, array, at(first, from), scratch.between);
        }
    }

    /// Packs all of b.
    void pack(Matrix b, Scratch scratch) {
        for (int slice = 0; slice < slices(); slice++) {
            packColumns(b, slice, 0, n, scratch);
        }
    }
}
