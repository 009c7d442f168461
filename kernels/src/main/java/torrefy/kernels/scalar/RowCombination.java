package torrefy.kernels.scalar;

/// Adds multiples of whole rows to a row: the innermost loop of matrix products and of attention.
///
/// Every array is read and written at the loop's own index and nowhere else. The compiler then needs no proof that
/// arrays do not overlap, and turns the loop into SIMD code; with an offset on one of the arrays it does not. Four rows
/// are added at once because the sum stays in a register meanwhile.
final class RowCombination {

    private RowCombination() {}

    /// `out[j] += a·x[j]` for j from 0 to `length − 1`
    static void add(float[] out, float a, float[] x, int length) {
        for (int j = 0; j < length; j++) {
            out[j] += a * x[j];
        }
    }

    /// `out[j] += a[0]·x₀[j] + a[1]·x₁[j] + a[2]·x₂[j] + a[3]·x₃[j]`, with the `a` from `at` on, `step` apart
    static void addFour(
            float[] out, float[] a, int at, int step, float[] x0, float[] x1, float[] x2, float[] x3, int length) {
        float a0 = a[at];
        float a1 = a[at + step];
        float a2 = a[at + 2 * step];
        float a3 = a[at + 3 * step];
        for (int j = 0; j < length; j++) {
            out[j] += a0 * x0[j] + a1 * x1[j] + a2 * x2[j] + a3 * x3[j];
        }
    }

    /// `out[j] += Σᵣ a[at + r·step]·rows[r][j]` for r from 0 to `count − 1`
    static void addRows(float[] out, float[] a, int at, int step, float[][] rows, int count, int length) {
        int r = 0;
        for (; r < count - 3; r += 4) {
            addFour(out, a, at + r * step, step, rows[r], rows[r + 1], rows[r + 2], rows[r + 3], length);
        }
        for (; r < count; r++) {
            add(out, a[at + r * step], rows[r], length);
        }
    }
}
