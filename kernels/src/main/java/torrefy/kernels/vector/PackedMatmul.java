package torrefy.kernels.vector;

/// A block of a matrix product from packed operands: the loops around [MatmulTile].
///
/// They are those of Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", ACM TOMS 34(3),
/// 2008, section 5: a strip of b stays in the first-level cache while the strips of a stream by from the second level.
/// A block of the result is finished over all slices before the next is begun, so that it stays in the cache too.
final class PackedMatmul {

    /// The most rows of a block: one slice of them takes an eighth of the second-level cache, and so does the block of
    /// the result, if it is as wide as deep.
    static final int BLOCK =
            Math.clamp(CacheSizes.HERE.second() / (8L * Float.BYTES * Strips.DEPTH) / MatmulTile.ROWS, 8, 16)
                    * MatmulTile.ROWS;

    private PackedMatmul() {}

    /// `c[i, j] = start[i, j] + Σₚ a[i, p]·b[p, j]` for all p that a has, the rows `top` to `bottom` and the columns
    /// `from` to `to`; without the first term if `start` is null.
    ///
    /// `top` is a multiple of [MatmulTile#ROWS], `from` of [MatmulTile#COLUMNS]. The first row of c is the first of a,
    /// its first column the first of b; b may have more rows than a has columns, but is cut alike.
    static void block(Matrix c, Matrix start, Strips a, Strips b, int top, int bottom, int from, int to, float[] tile) {
        for (int p = 0; p < a.k(); p += a.depth()) {
            int depth = Math.min(a.depth(), a.k() - p);
            Matrix add = p == 0 ? start : c;
            for (int j = from; j < to; j += MatmulTile.COLUMNS) {
                int width = Math.min(MatmulTile.COLUMNS, to - j);
                strip(c, add, a, a.at(p, top), b.array(), b.at(p, j), depth, top, bottom, j, width, tile);
            }
        }
    }

    /// The product of the rows `top` to `bottom` of a and the strip of b that begins with column j, as a strip: rows of
    /// [MatmulTile#COLUMNS] numbers, as many as whole tiles have. So it lies as the right operand of a product.
    static void strip(float[] c, int cAt, Strips a, int top, int bottom, Strips b, int j) {
        for (int p = 0; p < a.k(); p += a.depth()) {
            int depth = Math.min(a.depth(), a.k() - p);
            for (int i = top; i < bottom; i += MatmulTile.ROWS) {
                int at = cAt + (i - top) * MatmulTile.COLUMNS;
                MatmulTile.inStrip(depth, a.array(), a.at(p, i), b.array(), b.at(p, j), c, at, p > 0);
            }
        }
    }

    /// The part of a block that one strip of b gives: its tiles, one below the other.
    private static void strip(
            Matrix c,
            Matrix add,
            Strips a,
            int aAt,
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
            int rowsAt = aAt + (i - top) * depth;
            boolean inside = height == MatmulTile.ROWS && width == MatmulTile.COLUMNS;
            float[] out = inside ? c.array() : tile;
            int outAt = inside ? c.index(i, j) : 0;
            int outRow = inside ? c.row() : MatmulTile.COLUMNS;
            if (add == null || !inside) {
                MatmulTile.multiply(depth, a.array(), rowsAt, b, bAt, out, outAt, outRow, MatmulTile.ZEROS, 0, 0);
            } else {
                int addAt = add.index(i, j);
                MatmulTile.multiply(
                        depth, a.array(), rowsAt, b, bAt, out, outAt, outRow, add.array(), addAt, add.row());
            }
            if (!inside) {
                copyPart(c, add, i, j, height, width, tile);
            }
        }
    }

    /// The part of a tile that lies inside c.
    private static void copyPart(Matrix c, Matrix add, int i, int j, int height, int width, float[] tile) {
        float[] out = c.array();
        float[] added = add == null ? MatmulTile.ZEROS : add.array();
        for (int row = 0; row < height; row++) {
            int to = c.index(i + row, j);
            int from = row * MatmulTile.COLUMNS;
            int at = add == null ? 0 : add.index(i + row, j);
            for (int column = 0; column < width; column++) {
                out[to + column] = added[at + column] + tile[from + column];
            }
        }
    }

    /// All of c, (m, n), from an a that lies as it may, (m, k), and packed b, in one thread; b may have more than k
    /// rows.
    static void all(Matrix c, Matrix start, Matrix a, Strips b, int k, int m, int n, Scratch scratch) {
        for (int i = 0; i < m; i += BLOCK) {
            int rows = Math.min(BLOCK, m - i);
            float[] array = scratch.rows(Strips.lengthA(rows, k));
            Strips packed = new Strips(array, k, rows, MatmulTile.ROWS, b.depth());
            packed.pack(a.from(i, 0).transpose(), scratch);
            Matrix added = start == null ? null : start.from(i, 0);
            block(c.from(i, 0), added, packed, b, 0, rows, 0, n, scratch.tile);
        }
    }
}
