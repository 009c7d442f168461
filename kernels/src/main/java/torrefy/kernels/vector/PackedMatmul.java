package torrefy.kernels.vector;

/// A matrix product by parts: b is packed once, then every block of the result is made from it on its own, by whichever
/// thread.
///
/// The loops are those of Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", ACM TOMS 34(3),
/// 2008, with the names of their section 4: a strip of b, [#DEPTH] deep, stays in the first-level cache while the
/// packed
/// block of a streams from the second level; the sum over p is cut into *slices* of equal depth, and a block of the
/// result is finished over all slices before the next is begun, so that it stays in the cache too.
final class PackedMatmul {

    /// The deepest slice: a strip of b takes `DEPTH·COLUMNS` floats, 32 KB with 16-float registers.
    static final int DEPTH = 256;

    /// The most rows of a block: `BLOCK·DEPTH` floats of a are read once per strip of b.
    static final int BLOCK = 96;

    /// What is added to a tile if there is nothing to add.
    private static final float[] ZEROS = new float[MatmulTile.COLUMNS];

    private PackedMatmul() {}

    /// How many slices a sum over k numbers is cut into.
    static int slices(int k) {
        return Math.ceilDiv(k, sliceDepth(k));
    }

    /// How deep the slices are; the last may be less.
    static int sliceDepth(int k) {
        return Math.ceilDiv(k, Math.ceilDiv(k, DEPTH));
    }

    /// Where the strip that begins at column j of slice `slice` stands in packed b, of n columns and depth k.
    private static int stripAt(int slice, int j, int k, int n) {
        int before = slice * sliceDepth(k);
        int depth = Math.min(sliceDepth(k), k - before);
        return before * Packing.size(n, 1, MatmulTile.COLUMNS) + j * depth;
    }

    /// Packs the columns `from` to `to` of one slice of b. `from` is a multiple of [MatmulTile#COLUMNS].
    static void pack(Matrix b, int n, int k, int slice, int from, int to, float[] packed, float[] between) {
        int first = slice * sliceDepth(k);
        int depth = Math.min(sliceDepth(k), k - first);
        Packing.packWide(
                b.from(first, from).transpose(), to - from, depth, packed, stripAt(slice, from, k, n), between);
    }

    /// `c = start + a·b` for the rows `rowFrom` to `rowTo` and the columns `from` to `to` of c, without `start` if it
    /// is
    /// null. `from` is a multiple of [MatmulTile#COLUMNS], `to` too or the last column.
    static void block(
            Matrix c,
            Matrix start,
            Matrix a,
            float[] packed,
            int n,
            int k,
            int rowFrom,
            int rowTo,
            int from,
            int to,
            Scratch scratch) {
        for (int slice = 0; slice < slices(k); slice++) {
            int first = slice * sliceDepth(k);
            int depth = Math.min(sliceDepth(k), k - first);
            float[] rows = scratch.rows(Packing.size(rowTo - rowFrom, depth, MatmulTile.ROWS));
            Packing.packRows(a.from(rowFrom, first), rowTo - rowFrom, depth, rows, 0);
            Matrix add = slice == 0 ? start : c;
            for (int j = from; j < to; j += MatmulTile.COLUMNS) {
                int width = Math.min(MatmulTile.COLUMNS, to - j);
                strip(c, add, rows, packed, stripAt(slice, j, k, n), depth, rowFrom, rowTo, j, width, scratch.tile);
            }
        }
    }

    /// The part of a block that one strip of b gives: its tiles, one below the other.
    private static void strip(
            Matrix c,
            Matrix add,
            float[] rows,
            float[] packed,
            int packedAt,
            int depth,
            int rowFrom,
            int rowTo,
            int j,
            int width,
            float[] tile) {
        for (int i = rowFrom; i < rowTo; i += MatmulTile.ROWS) {
            int height = Math.min(MatmulTile.ROWS, rowTo - i);
            int rowsAt = (i - rowFrom) * depth;
            boolean inside = height == MatmulTile.ROWS && width == MatmulTile.COLUMNS;
            float[] out = inside ? c.array() : tile;
            int outAt = inside ? c.index(i, j) : 0;
            int outRow = inside ? c.row() : MatmulTile.COLUMNS;
            if (add == null || !inside) {
                MatmulTile.multiply(depth, rows, rowsAt, packed, packedAt, out, outAt, outRow, ZEROS, 0, 0);
            } else {
                int addAt = add.index(i, j);
                MatmulTile.multiply(
                        depth, rows, rowsAt, packed, packedAt, out, outAt, outRow, add.array(), addAt, add.row());
            }
            if (!inside) {
                copyPart(c, add, i, j, height, width, tile);
            }
        }
    }

    /// The part of a tile that lies inside c.
    private static void copyPart(Matrix c, Matrix add, int i, int j, int height, int width, float[] tile) {
        float[] out = c.array();
        for (int row = 0; row < height; row++) {
            int to = c.index(i + row, j);
            int from = row * MatmulTile.COLUMNS;
            float[] added = add == null ? ZEROS : add.array();
            int at = add == null ? 0 : add.index(i + row, j);
            for (int column = 0; column < width; column++) {
                out[to + column] = added[at + column] + tile[from + column];
            }
        }
    }

    /// The whole product in one thread.
    static void whole(Matrix c, Matrix start, Matrix a, Matrix b, int m, int n, int k, Scratch scratch) {
        float[] packed = scratch.wide(Packing.size(n, k, MatmulTile.COLUMNS));
        for (int slice = 0; slice < slices(k); slice++) {
            pack(b, n, k, slice, 0, n, packed, scratch.between);
        }
        for (int i = 0; i < m; i += BLOCK) {
            block(c, start, a, packed, n, k, i, Math.min(m, i + BLOCK), 0, n, scratch);
        }
    }
}
