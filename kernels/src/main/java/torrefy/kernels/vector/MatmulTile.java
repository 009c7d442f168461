package torrefy.kernels.vector;

import static torrefy.kernels.vector.Lanes.COUNT;
import static torrefy.kernels.vector.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;

/// The innermost loop of the matrix product: a tile of the result that stays in registers while a strip of `a` and a
/// strip of `b` stream by.
///
/// The tile has [#ROWS] rows of two registers each. A step of the loop loads two registers of b and one number per
/// row of a, and does `2·ROWS` fused multiply-adds with them: with eight rows 16 of them on ten loads, so that the
/// multiply-add units are the bottleneck and not the load units. The tile must leave room for what is loaded: 8 × 2
/// fills 16 of 32 registers; of 16 registers 4 × 2 takes a half, and C2 spills what is larger.
///
/// Registers are written out one by one because C2 keeps local variables of a vector type in registers, but not the
/// elements of an array of vectors.
final class MatmulTile {

    /// AVX-512 and the Arm instruction sets have 32 vector registers, AVX2 and SSE have 16.
    private static final boolean MANY_REGISTERS =
            COUNT == 16 || System.getProperty("os.arch").equals("aarch64");

    /// Rows of the result in a tile.
    static final int ROWS = MANY_REGISTERS ? 8 : 4;

    /// Columns of the result in a tile.
    static final int COLUMNS = 2 * COUNT;

    /// A start for a tile to which nothing is added.
    static final float[] ZEROS = new float[COLUMNS];

    private MatmulTile() {}

    /// `c[i, j] = start[i, j] + Σₚ a[p, i]·b[p, j]` for one tile.
    ///
    /// @param depth over how many p the sum goes
    /// @param a `(depth, ROWS)` from `aAt` on, without gaps
    /// @param b `(depth, COLUMNS)` from `bAt` on, without gaps
    /// @param cRow the distance between two rows of c
    /// @param startRow the distance between two rows of start, 0 to add the same numbers to all: a bias, or zeros.
    ///     Adding zeros costs less than a second loop, or a branch, that C2 would have to keep apart
    static void multiply(
            int depth,
            float[] a,
            int aAt,
            float[] b,
            int bAt,
            float[] c,
            int cAt,
            int cRow,
            float[] start,
            int startAt,
            int startRow) {
        if (MANY_REGISTERS) {
            eightRows(depth, a, aAt, b, bAt, c, cAt, cRow, start, startAt, startRow);
        } else {
            fourRows(depth, a, aAt, b, bAt, c, cAt, cRow, start, startAt, startRow);
        }
    }

    /// A tile of a strip, whose rows of [#COLUMNS] numbers follow one another: it is set, or added to if `add`.
    static void inStrip(int depth, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, boolean add) {
        if (add) {
            multiply(depth, a, aAt, b, bAt, c, cAt, COLUMNS, c, cAt, COLUMNS);
        } else {
            multiply(depth, a, aAt, b, bAt, c, cAt, COLUMNS, ZEROS, 0, 0);
        }
    }

    private static void eightRows(
            int depth,
            float[] a,
            int aAt,
            float[] b,
            int bAt,
            float[] c,
            int cAt,
            int cRow,
            float[] start,
            int startAt,
            int startRow) {
        FloatVector c0l = FloatVector.zero(FLOATS);
        FloatVector c0r = FloatVector.zero(FLOATS);
        FloatVector c1l = FloatVector.zero(FLOATS);
        FloatVector c1r = FloatVector.zero(FLOATS);
        FloatVector c2l = FloatVector.zero(FLOATS);
        FloatVector c2r = FloatVector.zero(FLOATS);
        FloatVector c3l = FloatVector.zero(FLOATS);
        FloatVector c3r = FloatVector.zero(FLOATS);
        FloatVector c4l = FloatVector.zero(FLOATS);
        FloatVector c4r = FloatVector.zero(FLOATS);
        FloatVector c5l = FloatVector.zero(FLOATS);
        FloatVector c5r = FloatVector.zero(FLOATS);
        FloatVector c6l = FloatVector.zero(FLOATS);
        FloatVector c6r = FloatVector.zero(FLOATS);
        FloatVector c7l = FloatVector.zero(FLOATS);
        FloatVector c7r = FloatVector.zero(FLOATS);
        int ap = aAt;
        int bp = bAt;
        for (int p = 0; p < depth; p++) {
            FloatVector l = FloatVector.fromArray(FLOATS, b, bp);
            FloatVector r = FloatVector.fromArray(FLOATS, b, bp + COUNT);
            FloatVector a0 = FloatVector.broadcast(FLOATS, a[ap]);
            c0l = a0.fma(l, c0l);
            c0r = a0.fma(r, c0r);
            FloatVector a1 = FloatVector.broadcast(FLOATS, a[ap + 1]);
            c1l = a1.fma(l, c1l);
            c1r = a1.fma(r, c1r);
            FloatVector a2 = FloatVector.broadcast(FLOATS, a[ap + 2]);
            c2l = a2.fma(l, c2l);
            c2r = a2.fma(r, c2r);
            FloatVector a3 = FloatVector.broadcast(FLOATS, a[ap + 3]);
            c3l = a3.fma(l, c3l);
            c3r = a3.fma(r, c3r);
            FloatVector a4 = FloatVector.broadcast(FLOATS, a[ap + 4]);
            c4l = a4.fma(l, c4l);
            c4r = a4.fma(r, c4r);
            FloatVector a5 = FloatVector.broadcast(FLOATS, a[ap + 5]);
            c5l = a5.fma(l, c5l);
            c5r = a5.fma(r, c5r);
            FloatVector a6 = FloatVector.broadcast(FLOATS, a[ap + 6]);
            c6l = a6.fma(l, c6l);
            c6r = a6.fma(r, c6r);
            FloatVector a7 = FloatVector.broadcast(FLOATS, a[ap + 7]);
            c7l = a7.fma(l, c7l);
            c7r = a7.fma(r, c7r);
            ap += 8;
            bp += 2 * COUNT;
        }
        FloatVector.fromArray(FLOATS, start, startAt).add(c0l).intoArray(c, cAt);
        FloatVector.fromArray(FLOATS, start, startAt + COUNT).add(c0r).intoArray(c, cAt + COUNT);
        FloatVector.fromArray(FLOATS, start, startAt + startRow).add(c1l).intoArray(c, cAt + cRow);
        FloatVector.fromArray(FLOATS, start, startAt + startRow + COUNT)
                .add(c1r)
                .intoArray(c, cAt + cRow + COUNT);
        FloatVector.fromArray(FLOATS, start, startAt + 2 * startRow).add(c2l).intoArray(c, cAt + 2 * cRow);
        FloatVector.fromArray(FLOATS, start, startAt + 2 * startRow + COUNT)
                .add(c2r)
                .intoArray(c, cAt + 2 * cRow + COUNT);
        FloatVector.fromArray(FLOATS, start, startAt + 3 * startRow).add(c3l).intoArray(c, cAt + 3 * cRow);
        FloatVector.fromArray(FLOATS, start, startAt + 3 * startRow + COUNT)
                .add(c3r)
                .intoArray(c, cAt + 3 * cRow + COUNT);
        FloatVector.fromArray(FLOATS, start, startAt + 4 * startRow).add(c4l).intoArray(c, cAt + 4 * cRow);
        FloatVector.fromArray(FLOATS, start, startAt + 4 * startRow + COUNT)
                .add(c4r)
                .intoArray(c, cAt + 4 * cRow + COUNT);
        FloatVector.fromArray(FLOATS, start, startAt + 5 * startRow).add(c5l).intoArray(c, cAt + 5 * cRow);
        FloatVector.fromArray(FLOATS, start, startAt + 5 * startRow + COUNT)
                .add(c5r)
                .intoArray(c, cAt + 5 * cRow + COUNT);
        FloatVector.fromArray(FLOATS, start, startAt + 6 * startRow).add(c6l).intoArray(c, cAt + 6 * cRow);
        FloatVector.fromArray(FLOATS, start, startAt + 6 * startRow + COUNT)
                .add(c6r)
                .intoArray(c, cAt + 6 * cRow + COUNT);
        FloatVector.fromArray(FLOATS, start, startAt + 7 * startRow).add(c7l).intoArray(c, cAt + 7 * cRow);
        FloatVector.fromArray(FLOATS, start, startAt + 7 * startRow + COUNT)
                .add(c7r)
                .intoArray(c, cAt + 7 * cRow + COUNT);
    }

    private static void fourRows(
            int depth,
            float[] a,
            int aAt,
            float[] b,
            int bAt,
            float[] c,
            int cAt,
            int cRow,
            float[] start,
            int startAt,
            int startRow) {
        FloatVector c0l = FloatVector.zero(FLOATS);
        FloatVector c0r = FloatVector.zero(FLOATS);
        FloatVector c1l = FloatVector.zero(FLOATS);
        FloatVector c1r = FloatVector.zero(FLOATS);
        FloatVector c2l = FloatVector.zero(FLOATS);
        FloatVector c2r = FloatVector.zero(FLOATS);
        FloatVector c3l = FloatVector.zero(FLOATS);
        FloatVector c3r = FloatVector.zero(FLOATS);
        int ap = aAt;
        int bp = bAt;
        for (int p = 0; p < depth; p++) {
            FloatVector l = FloatVector.fromArray(FLOATS, b, bp);
            FloatVector r = FloatVector.fromArray(FLOATS, b, bp + COUNT);
            FloatVector a0 = FloatVector.broadcast(FLOATS, a[ap]);
            c0l = a0.fma(l, c0l);
            c0r = a0.fma(r, c0r);
            FloatVector a1 = FloatVector.broadcast(FLOATS, a[ap + 1]);
            c1l = a1.fma(l, c1l);
            c1r = a1.fma(r, c1r);
            FloatVector a2 = FloatVector.broadcast(FLOATS, a[ap + 2]);
            c2l = a2.fma(l, c2l);
            c2r = a2.fma(r, c2r);
            FloatVector a3 = FloatVector.broadcast(FLOATS, a[ap + 3]);
            c3l = a3.fma(l, c3l);
            c3r = a3.fma(r, c3r);
            ap += 4;
            bp += 2 * COUNT;
        }
        FloatVector.fromArray(FLOATS, start, startAt).add(c0l).intoArray(c, cAt);
        FloatVector.fromArray(FLOATS, start, startAt + COUNT).add(c0r).intoArray(c, cAt + COUNT);
        FloatVector.fromArray(FLOATS, start, startAt + startRow).add(c1l).intoArray(c, cAt + cRow);
        FloatVector.fromArray(FLOATS, start, startAt + startRow + COUNT)
                .add(c1r)
                .intoArray(c, cAt + cRow + COUNT);
        FloatVector.fromArray(FLOATS, start, startAt + 2 * startRow).add(c2l).intoArray(c, cAt + 2 * cRow);
        FloatVector.fromArray(FLOATS, start, startAt + 2 * startRow + COUNT)
                .add(c2r)
                .intoArray(c, cAt + 2 * cRow + COUNT);
        FloatVector.fromArray(FLOATS, start, startAt + 3 * startRow).add(c3l).intoArray(c, cAt + 3 * cRow);
        FloatVector.fromArray(FLOATS, start, startAt + 3 * startRow + COUNT)
                .add(c3r)
                .intoArray(c, cAt + 3 * cRow + COUNT);
    }
}
