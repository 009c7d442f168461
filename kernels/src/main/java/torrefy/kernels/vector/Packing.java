package torrefy.kernels.vector;

import static torrefy.kernels.vector.Lanes.COUNT;
import static torrefy.kernels.vector.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Copies a part of a matrix into *strips* in the order in which [MatmulTile] reads it: a strip is `width`
/// neighbouring rows, stored one column after the other. Missing rows of the last strip are zeros.
///
/// Both operands are packed so: a by strips of its rows, b, transposed, by strips of its columns. If memory runs
/// along the strip (column stride anything, row stride 1) that is a copy of short stretches; if it runs across
/// (column stride 1), see [Transposition].
final class Packing {

    /// The registers that hold one column of a strip of a, or a part of it.
    private static final VectorSpecies<Float> SHORT = MatmulTile.ROWS >= COUNT
            ? FLOATS
            : VectorSpecies.of(float.class, VectorShape.forBitSize(MatmulTile.ROWS * Float.SIZE));

    /// Whether it takes two of them.
    private static final boolean TWO_SHORT = SHORT.length() < MatmulTile.ROWS;

    /// Rows that are copied to all strips before the next ones are, so that a cache line that two strips share is
    /// still there for the second.
    private static final int AT_ONCE = 8;

    private Packing() {}

    /// The elements that `rows` rows and `columns` columns take, rounded up to whole strips.
    static int size(int rows, int columns, int width) {
        return Math.ceilDiv(rows, width) * width * columns;
    }

    /// Packs a matrix whose rows are contiguous, `columns` numbers each, in strips of `width` columns. It is a part of
    /// strips that are `depth` rows deep: its first row is their row `row`.
    static void copy(Matrix m, int columns, int rows, int width, float[] out, int outAt, int row, int depth) {
        boolean wide = width == MatmulTile.COLUMNS;
        for (int p = 0; p < rows; p += AT_ONCE) {
            int count = Math.min(AT_ONCE, rows - p);
            int to = outAt + (row + p) * width;
            int j = 0;
            for (; j <= columns - width; j += width) {
                if (wide) {
                    copyWide(m.array(), m.index(p, j), m.row(), count, out, to + j * depth);
                } else {
                    copyNarrow(m.array(), m.index(p, j), m.row(), count, out, to + j * depth);
                }
            }
            if (j < columns) {
                oneByOne(m.from(p, j).transpose(), columns - j, count, width, out, to + j * depth);
            }
        }
    }

    private static void copyWide(float[] in, int inAt, int row, int rows, float[] out, int outAt) {
        int from = inAt;
        int to = outAt;
        for (int p = 0; p < rows; p++) {
            FloatVector left = FloatVector.fromArray(FLOATS, in, from);
            FloatVector right = FloatVector.fromArray(FLOATS, in, from + COUNT);
            left.intoArray(out, to);
            right.intoArray(out, to + COUNT);
            from += row;
            to += 2 * COUNT;
        }
    }

    private static void copyNarrow(float[] in, int inAt, int row, int rows, float[] out, int outAt) {
        int width = MatmulTile.ROWS;
        int from = inAt;
        int to = outAt;
        for (int p = 0; p < rows; p++) {
            // Not a loop over the registers: C2 would make an object of each.
            FloatVector.fromArray(SHORT, in, from).intoArray(out, to);
            if (TWO_SHORT) {
                FloatVector.fromArray(SHORT, in, from + width / 2).intoArray(out, to + width / 2);
            }
            from += row;
            to += width;
        }
    }

    /// Packs the first `rows` rows and `columns` columns of `m` in strips of `width` rows, whatever its strides; it is
    /// made for contiguous rows.
    ///
    /// @param between room for `COUNT·columns` numbers in between
    static void transpose(Matrix m, int rows, int columns, int width, float[] out, int outAt, float[] between) {
        for (int j = 0; j < rows; j += width) {
            int to = outAt + j * columns;
            if (rows - j >= width && m.column() == 1) {
                if (width == MatmulTile.COLUMNS) {
                    transposeWide(m.from(j, 0), columns, out, to, between);
                } else {
                    transposeNarrow(m.from(j, 0), columns, out, to);
                }
            } else {
                oneByOne(m.from(j, 0), Math.min(width, rows - j), columns, width, out, to);
            }
        }
    }

    /// A strip of [MatmulTile#ROWS] rows: blocks of one register of each.
    private static void transposeNarrow(Matrix m, int columns, float[] out, int outAt) {
        int width = MatmulTile.ROWS;
        int done = columns - columns % COUNT;
        int from = m.index(0, 0);
        if (width == 8) {
            Transposition.eight(m.array(), from, m.row(), COUNT, done / COUNT, out, outAt, COUNT, 8 * COUNT);
        } else {
            Transposition.four(m.array(), from, m.row(), COUNT, done / COUNT, out, outAt, COUNT, 4 * COUNT);
        }
        oneByOne(m.from(0, done), width, columns - done, width, out, outAt + done * width);
    }

    /// Any strides, any number of rows up to `width`.
    private static void oneByOne(Matrix m, int rows, int columns, int width, float[] out, int outAt) {
        float[] array = m.array();
        for (int i = 0; i < width; i++) {
            if (i < rows) {
                int from = m.index(i, 0);
                int step = m.column();
                for (int p = 0; p < columns; p++) {
                    out[outAt + p * width + i] = array[from + p * step];
                }
            } else {
                for (int p = 0; p < columns; p++) {
                    out[outAt + p * width + i] = 0;
                }
            }
        }
    }

    /// A strip of two registers' width: squares of one register by COUNT columns.
    private static void transposeWide(Matrix m, int columns, float[] out, int outAt, float[] between) {
        int width = MatmulTile.COLUMNS;
        int done = columns - columns % COUNT;
        for (int half = 0; half < width; half += COUNT) {
            int from = m.index(half, 0);
            int to = outAt + half;
            switch (COUNT) {
                case 4 ->
                    Transposition.four(m.array(), from, m.row(), COUNT, done / COUNT, out, to, width, COUNT * width);
                case 8 ->
                    Transposition.eight(m.array(), from, m.row(), COUNT, done / COUNT, out, to, width, COUNT * width);
                default ->
                    Transposition.sixteen(
                            m.array(), from, m.row(), COUNT, done / COUNT, between, out, to, width, COUNT * width);
            }
        }
        if (done < columns) {
            oneByOne(m.from(0, done), width, columns - done, width, out, outAt + done * width);
        }
    }
}
