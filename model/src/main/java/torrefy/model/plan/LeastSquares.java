package torrefy.model.plan;

import java.util.Arrays;
import java.util.stream.IntStream;

/// The `w` of no negative element that makes `Σ (X·w − y)²` smallest, for a few unknowns.
///
/// @param solution w
/// @param squaredResiduals what is left of the sum
/// @param inverse `(XᵀX)⁻¹` over all unknowns
record LeastSquares(double[] solution, double squaredResiduals, double[][] inverse) {

    /// Tries each choice of unknowns that are 0, and keeps the best of those whose others are not negative: Lawson and
    /// Hanson, "Solving least squares problems", 1974, chapter 23, without their short cut.
    ///
    /// @throws IllegalArgumentException if the columns of `x` depend on each other
    static LeastSquares nonNegative(double[][] x, double[] y) {
        int unknowns = x[0].length;
        int[] all = IntStream.range(0, unknowns).toArray();
        double[][] inverse = inverse(normal(x, all));
        LeastSquares best = null;
        for (int choice = 1; choice < 1 << unknowns; choice++) {
            int chosen = choice;
            int[] free = Arrays.stream(all).filter(i -> (chosen >> i & 1) == 1).toArray();
            double[] w = solve(x, y, free);
            double left = squaredResiduals(x, y, w);
            boolean valid = Arrays.stream(w).allMatch(each -> each >= 0);
            if (valid && (best == null || left < best.squaredResiduals)) {
                best = new LeastSquares(w, left, inverse);
            }
        }
        if (best == null) {
            throw new IllegalArgumentException("no law of falling losses fits these runs: longer ones are needed");
        }
        return best;
    }

    private static double[] solve(double[][] x, double[] y, int[] free) {
        double[][] inverse = inverse(normal(x, free));
        double[] w = new double[x[0].length];
        for (int i = 0; i < free.length; i++) {
            for (int j = 0; j < free.length; j++) {
                for (int row = 0; row < x.length; row++) {
                    w[free[i]] += inverse[i][j] * x[row][free[j]] * y[row];
                }
            }
        }
        return w;
    }

    /// `XᵀX` of some columns.
    private static double[][] normal(double[][] x, int[] columns) {
        double[][] normal = new double[columns.length][columns.length];
        for (int i = 0; i < columns.length; i++) {
            for (int j = 0; j < columns.length; j++) {
                for (double[] row : x) {
                    normal[i][j] += row[columns[i]] * row[columns[j]];
                }
            }
        }
        return normal;
    }

    private static double squaredResiduals(double[][] x, double[] y, double[] w) {
        double sum = 0;
        for (int row = 0; row < x.length; row++) {
            double residual = y[row];
            for (int i = 0; i < w.length; i++) {
                residual -= x[row][i] * w[i];
            }
            sum += residual * residual;
        }
        return sum;
    }

    /// By Gauss and Jordan, with the largest pivot. Columns are scaled first: constants of a law differ by thousands.
    private static double[][] inverse(double[][] matrix) {
        int n = matrix.length;
        double[][] work = new double[n][2 * n];
        double[] scale = new double[n];
        for (int i = 0; i < n; i++) {
            scale[i] = 1 / Math.sqrt(matrix[i][i]);
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                work[i][j] = matrix[i][j] * scale[i] * scale[j];
            }
            work[i][n + i] = 1;
        }
        for (int column = 0; column < n; column++) {
            int pivot = column;
            for (int row = column + 1; row < n; row++) {
                pivot = Math.abs(work[row][column]) > Math.abs(work[pivot][column]) ? row : pivot;
            }
            if (!(Math.abs(work[pivot][column]) > 1e-10)) {
                throw new IllegalArgumentException(
                        "these runs do not tell the model's size from the text's: vary both of them");
            }
            double[] swap = work[pivot];
            work[pivot] = work[column];
            work[column] = swap;
            double divisor = swap[column];
            for (int j = 0; j < 2 * n; j++) {
                swap[j] /= divisor;
            }
            for (int row = 0; row < n; row++) {
                double factor = work[row][column];
                for (int j = 0; row != column && j < 2 * n; j++) {
                    work[row][j] -= factor * swap[j];
                }
            }
        }
        double[][] inverse = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                inverse[i][j] = work[i][n + j] * scale[i] * scale[j];
            }
        }
        return inverse;
    }
}
