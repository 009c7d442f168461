package torrefy.model.layer;

/// How many parameters a part of a model has, known from its numbers alone.
///
/// @param matrices single numbers in matrices and tables
/// @param vectors single numbers in biases and norms
/// @param arrays the number of both, matrices and vectors
public record ParameterCount(long matrices, long vectors, int arrays) {

    /// Of nothing.
    public static final ParameterCount NONE = new ParameterCount(0, 0, 0);

    /// Of a matrix or a table `(rows, columns)`.
    public static ParameterCount matrix(long rows, long columns) {
        return new ParameterCount(rows * columns, 0, 1);
    }

    /// Of a vector.
    public static ParameterCount vector(long elements) {
        return new ParameterCount(0, elements, 1);
    }

    /// Of a map `(in, out)`, with a bias or without.
    public static ParameterCount linear(long in, long out, boolean bias) {
        return bias ? matrix(in, out).plus(vector(out)) : matrix(in, out);
    }

    public ParameterCount plus(ParameterCount other) {
        return new ParameterCount(matrices + other.matrices, vectors + other.vectors, arrays + other.arrays);
    }

    public ParameterCount times(int count) {
        return new ParameterCount(matrices * count, vectors * count, arrays * count);
    }

    /// Single numbers in all of them.
    public long total() {
        return matrices + vectors;
    }
}
