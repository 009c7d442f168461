package torrefy.kernels.vector;

/// The right operand b of a matrix product, (k, n), packed for [PackedMatmul].
///
/// The sum over p is cut into *slices* of equal depth. A slice is packed on its own, column strip by column strip, so
/// that a strip of a slice is one stretch of memory that fits into the first-level cache.
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

    /// Packs the columns `from` to `to` of one slice of b. `from` is a multiple of [MatmulTile#COLUMNS].
    void pack(Matrix b, int slice, int from, int to, Scratch scratch) {
        int p = slice * depth();
        int deep = Math.min(depth(), k - p);
        Packing.packWide(b.from(p, from).transpose(), to - from, deep, array, at(p, from), scratch.between);
    }

    /// Packs all of b.
    void pack(Matrix b, Scratch scratch) {
        for (int slice = 0; slice < slices(); slice++) {
            pack(b, slice, 0, n, scratch);
        }
    }
}
