package torrefy.kernels.vector;

import torrefy.core.memory.NdArray;

/// A matrix somewhere in a `float[]`: element (i, j) is `array[at + i·row + j·column]`.
record Matrix(float[] array, int at, int row, int column) {

    /// The last two axes of `ndArray`, `offset` elements after its start.
    static Matrix of(NdArray ndArray, int offset) {
        return new Matrix(ndArray.floats(), ndArray.start() + offset, ndArray.stride(-2), ndArray.stride(-1));
    }

    Matrix transpose() {
        return new Matrix(array, at, column, row);
    }

    /// The part that begins at row i and column j.
    Matrix from(int i, int j) {
        return new Matrix(array, index(i, j), row, column);
    }

    int index(int i, int j) {
        return at + i * row + j * column;
    }
}
