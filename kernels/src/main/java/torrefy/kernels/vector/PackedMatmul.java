package torrefy.kernels.vector;

/// A block of a matrix product from packed operands: the loops around [MatmulTile].
///
/// They are those of Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", ACM TOMS 34(3),
/// 2008, section 5: a strip of b stays in the first-level cache while the packed block of a streams by from the
/// second level. A block of the result is finished over all slices of b before the next is begun, so that it stays in
/// the cache too.
final class PackedMatmul {

    /// The most rows of a block. `BLOCK·DEPTH` floats of a are read once per strip of b.
    static final int BLOCK = 96;

    /// What is added to a tile if there is nothing to add.
    private static final float[] ZEROS = new float[MatmulTile.COLUMNS];

    private PackedMatmul() {}

    /// `c[i, j] = start[i, j] + Σₚ a[i, p]·b[p, j]` for p below `k`, the rows `top` to `bottom` and the columns
    /// `from` to `to` of c; without the first term if `start` is null. At most [#BLOCK] rows; k may be less than b
    /// has; `from` is a multiple of [MatmulTile#COLUMNS].
    static void block(
            Matrix c, Matrix start, Matrix a, Strips b, int k, int top, int bottom, int from, int to, Scratch scratch) {
        for (int p = 0; p < k; p += b.depth()) {
            int depth = Math.min(b.depth(), k - p);
            float[] rows = scratch.rows(Packing.size(bottom - top, depth, MatmulTile.ROWS));
            Packing.packRows(a.from(top, p), bottom - top, depth, rows, 0);
            Matrix add = p == 0 ? start : c;
            for (int j = from; j < to; j += MatmulTile.COLUMNS) {
                int width = Math.min(MatmulTile.COLUMNS, to - j);
                strip(c, add, rows, b.array(), b.at(p, j), depth, top, bottom, j, width, scratch.tile);
            }
        }
    }

    /// The part of a block that one strip of b gives: its tiles, one below the other.
    private static void strip(
            Matrix c,
            Matrix add,
            float[] rows,
            float[] b,
            int bAt,
            int depth,
            int top,
            int bottom,
            int j,
            int width,
            float[] tile) {
        for (int i = top; i < bottom; i += MatmulTile.ROWS) {
            int height = Math.min(MatmulTile.ROWS, bottom - i);
            int rowsAt = (i - top) * depth;
            boolean inside = height == MatmulTile.ROWS && width == MatmulTile.COLUMNS;
            float[] out = inside ? c.array() : tile;
            int outAt = inside ? c.index(i, j) : 0;
            int outRow = inside ? c.row() : MatmulTile.COLUMNS;
            if (add == null || !inside) {
                MatmulTile.multiply(depth, rows, rowsAt, b, bAt, out, outAt, outRow, ZEROS, 0, 0);
            } else {
                int addAt = add.index(i, j);
                MatmulTile.multiply(depth, rows, rowsAt, b, bAt, out, outAt, outRow, add.array(), addAt, add.row());
            }
            if (!inside) {
                copyPart(c, add, i, j, height, width, tile);
            }
        }
    }

    /// The part of a tile that lies inside c.
    private static void copyPart(Matrix c, Matrix add, int i, int j, int height, int width, float[] tile) {
        float[] out = c.array();
        float[] added = add == null ? ZEROS : add.array();
        for (int row = 0; row < height; row++) {
            int to = c.index(i + row, j);
            int from = row * MatmulTile.COLUMNS;
            int at = add == null ? 0 : add.index(i + row, j);
            for (int column = 0; column < width; column++) {
                out[to + column] = added[at + column] + tile[from + column];
            }
        }
    }

    /// All of c, (m, n), from packed b, in one thread.
    static void all(Matrix c, Matrix start, Matrix a, Strips b, int k, int m, int n, Scratch scratch) {
        for (int i = 0; i < m; i += BLOCK) {
            block(c, start, a, b, k, i, Math.min(m, i + BLOCK), 0, n, scratch);
        }
    }
}
