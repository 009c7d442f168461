package torrefy.kernels.vector;

import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;

/// A matrix somewhere in a `float[]`: element (i, j) is `array[at + i·row + j·column]`. Or in a `short[]`, as bfloat16:
/// then `array` is null, and whoever reads it widens a part of it first ([#widened]).
record Matrix(float[] array, short[] halves, int at, int row, int column) {

    Matrix(float[] array, int at, int row, int column) {
        this(array, null, at, row, column);
    }

    /// The last two axes of `ndArray`; `at` is where they begin in the Java array.
    static Matrix of(NdArray ndArray, int at) {
        boolean isHalf = ndArray.type() == DataType.BF16;
        return new Matrix(
                isHalf ? null : ndArray.floats(),
                isHalf ? ndArray.bfloat16s() : null,
                at,
                ndArray.stride(-2),
                ndArray.stride(-1));
    }

    Matrix transpose() {
        return new Matrix(array, halves, at, column, row);
    }

    /// The part that begins at row i and column j.
    Matrix from(int i, int j) {
        return new Matrix(array, halves, index(i, j), row, column);
    }

    /// Every `apart`th row, from `first` on.
    Matrix rows(int first, int apart) {
        return new Matrix(array, halves, index(first, 0), row * apart, column);
    }

    /// Every `apart`th column, from `first` on.
    Matrix columns(int first, int apart) {
        return new Matrix(array, halves, index(0, first), row, column * apart);
    }

    int index(int i, int j) {
        return at + i * row + j * column;
    }

    /// The first `rows` rows and `columns` columns as floats: itself, or a copy in `scratch` that is contiguous along
    /// the same axis.
    Matrix widened(int rows, int columns, Scratch scratch) {
        if (halves == null) {
            return this;
        }
        float[] floats = scratch.widened(rows * columns);
        boolean byRows = column == 1;
        int count = byRows ? rows : columns;
        int length = byRows ? columns : rows;
        for (int i = 0; i < count; i++) {
            Bfloat16Lanes.widen(floats, i * length, halves, at + i * (byRows ? row : column), length);
        }
        return new Matrix(floats, 0, byRows ? columns : 1, byRows ? 1 : rows);
    }
}
