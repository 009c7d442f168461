package torrefy.kernels.vector;

import static torrefy.kernels.vector.Lanes.COUNT;
import static torrefy.kernels.vector.Lanes.FLOATS;
import static torrefy.kernels.vector.Lanes.zipHigh;
import static torrefy.kernels.vector.Lanes.zipLow;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/// Rows become columns, a few registers at a time.
///
/// R rows of one register each, R a power of two, are one list of numbers whose index is (row, column). Zipping the
/// first half of the list with the second, number by number, moves the highest bit of the index to the lowest place;
/// after log₂ R rounds the index is (column, row). A zip of two registers is one instruction with AVX-512
/// (`vpermt2ps`), R·log₂ R of them transpose R registers.
///
/// A *block* is one register of each row. Row r of block i begins at `in[from + i·block + r·row]`; of its result
/// register r goes to `out[to + i·outBlock + r·step]`.
final class Transposition {

    private Transposition() {}

    /// `out[j, i] = in[i, j]` for `rows` rows and `columns` columns of in. The rows of both are contiguous.
    ///
    /// @param between room for `COUNT·columns` numbers
    static void all(Matrix out, Matrix in, int rows, int columns, float[] between) {
        int squares = columns / COUNT;
        int i = 0;
        for (; i <= rows - COUNT; i += COUNT) {
            int from = in.index(i, 0);
            int to = out.index(0, i);
            int step = out.row();
            switch (COUNT) {
                case 4 -> four(in.array(), from, in.row(), COUNT, squares, out.array(), to, step, COUNT * step);
                case 8 -> eight(in.array(), from, in.row(), COUNT, squares, out.array(), to, step, COUNT * step);
                default ->
                    sixteen(in.array(), from, in.row(), COUNT, squares, between, out.array(), to, step, COUNT * step);
            }
            oneByOne(out.from(squares * COUNT, i), in.from(i, squares * COUNT), COUNT, columns - squares * COUNT);
        }
        oneByOne(out.from(0, i), in.from(i, 0), rows - i, columns);
    }

    private static void oneByOne(Matrix out, Matrix in, int rows, int columns) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                out.array()[out.index(j, i)] = in.array()[in.index(i, j)];
            }
        }
    }

    /// Blocks of four rows.
    static void four(
            float[] in, int from, int row, int block, int blocks, float[] out, int to, int step, int outBlock) {
        int at = from;
        int done = to;
        for (int i = 0; i < blocks; i++) {
            IntVector x0 = load(in, at);
            IntVector x1 = load(in, at + row);
            IntVector x2 = load(in, at + 2 * row);
            IntVector x3 = load(in, at + 3 * row);
            IntVector y0 = zipLow(x0, x2);
            IntVector y1 = zipHigh(x0, x2);
            IntVector y2 = zipLow(x1, x3);
            IntVector y3 = zipHigh(x1, x3);
            x0 = zipLow(y0, y2);
            x1 = zipHigh(y0, y2);
            x2 = zipLow(y1, y3);
            x3 = zipHigh(y1, y3);
            store(x0, out, done);
            store(x1, out, done + step);
            store(x2, out, done + 2 * step);
            store(x3, out, done + 3 * step);
            at += block;
            done += outBlock;
        }
    }

    /// Blocks of eight rows.
    static void eight(
            float[] in, int from, int row, int block, int blocks, float[] out, int to, int step, int outBlock) {
        int at = from;
        int done = to;
        for (int i = 0; i < blocks; i++) {
            IntVector x0 = load(in, at);
            IntVector x1 = load(in, at + row);
            IntVector x2 = load(in, at + 2 * row);
            IntVector x3 = load(in, at + 3 * row);
            IntVector x4 = load(in, at + 4 * row);
            IntVector x5 = load(in, at + 5 * row);
            IntVector x6 = load(in, at + 6 * row);
            IntVector x7 = load(in, at + 7 * row);
            IntVector y0 = zipLow(x0, x4);
            IntVector y1 = zipHigh(x0, x4);
            IntVector y2 = zipLow(x1, x5);
            IntVector y3 = zipHigh(x1, x5);
            IntVector y4 = zipLow(x2, x6);
            IntVector y5 = zipHigh(x2, x6);
            IntVector y6 = zipLow(x3, x7);
            IntVector y7 = zipHigh(x3, x7);
            x0 = zipLow(y0, y4);
            x1 = zipHigh(y0, y4);
            x2 = zipLow(y1, y5);
            x3 = zipHigh(y1, y5);
            x4 = zipLow(y2, y6);
            x5 = zipHigh(y2, y6);
            x6 = zipLow(y3, y7);
            x7 = zipHigh(y3, y7);
            y0 = zipLow(x0, x4);
            y1 = zipHigh(x0, x4);
            y2 = zipLow(x1, x5);
            y3 = zipHigh(x1, x5);
            y4 = zipLow(x2, x6);
            y5 = zipHigh(x2, x6);
            y6 = zipLow(x3, x7);
            y7 = zipHigh(x3, x7);
            store(y0, out, done);
            store(y1, out, done + step);
            store(y2, out, done + 2 * step);
            store(y3, out, done + 3 * step);
            store(y4, out, done + 4 * step);
            store(y5, out, done + 5 * step);
            store(y6, out, done + 6 * step);
            store(y7, out, done + 7 * step);
            at += block;
            done += outBlock;
        }
    }

    /// Blocks of sixteen rows: rows i, i + 4, i + 8, i + 12 go through two rounds, for each i, and what comes out
    /// does so once more. C2 gives up on a method that does all four rounds at once.
    ///
    /// @param between room for `256·blocks` numbers
    static void sixteen(
            float[] in,
            int from,
            int row,
            int block,
            int blocks,
            float[] between,
            float[] out,
            int to,
            int step,
            int outBlock) {
        int square = 16 * COUNT;
        for (int i = 0; i < 4; i++) {
            four(in, from + i * row, 4 * row, block, blocks, between, 4 * i * COUNT, COUNT, square);
        }
        for (int i = 0; i < 4; i++) {
            four(between, i * COUNT, 4 * COUNT, square, blocks, out, to + 4 * i * step, step, outBlock);
        }
    }

    private static IntVector load(float[] in, int at) {
        return FloatVector.fromArray(FLOATS, in, at).reinterpretAsInts();
    }

    private static void store(IntVector v, float[] out, int at) {
        v.reinterpretAsFloats().intoArray(out, at);
    }
}
