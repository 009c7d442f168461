package torrefy.kernels.vector;

import static torrefy.kernels.vector.Lanes.COUNT;
import static torrefy.kernels.vector.Lanes.FLOATS;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import torrefy.core.parallel.ParallelLoop;

/// The sums of the columns of a matrix with contiguous rows, as the gradient of a bias needs them, in double precision.
///
/// A piece is a block of whole rows, so that memory is read in one stretch; [StridedReduction], which knows any
/// strides, would cut the columns into groups and jump from row to row. Four rows are added at a time to sums that are
/// loaded and stored once.
///
/// [StridedReduction]: torrefy.kernels.strided.StridedReduction
final class ColumnSums {

    private static final VectorSpecies<Double> DOUBLES = FLOATS.withLanes(double.class);

    /// At most this many pieces, each with sums of its own.
    private static final int MOST_PIECES = 32;

    /// A piece has at least so many elements, or it is the only one.
    private static final int SMALLEST_PIECE = 1 << 14;

    private ColumnSums() {}

    /// The sums over the rows of `m`, whose column stride is 1.
    static double[] of(Matrix m, int rows, int columns, ParallelLoop loop) {
        int inPiece = Math.max(Math.ceilDiv(rows, MOST_PIECES), Math.ceilDiv(SMALLEST_PIECE, Math.max(1, columns)));
        int pieces = Math.ceilDiv(rows, inPiece);
        double[] sums = new double[Math.multiplyExact(Math.max(1, pieces), columns)];
        loop.run(pieces, (piece, worker) -> {
            int from = piece * inPiece;
            int to = Math.min(rows, from + inPiece);
            int at = piece * columns;
            for (int i = from; i < to; i += 4) {
                if (to - i >= 4) {
                    addFour(sums, at, m.array(), m.index(i, 0), m.row(), columns);
                } else {
                    for (int row = i; row < to; row++) {
                        addOne(sums, at, m.array(), m.index(row, 0), columns);
                    }
                }
            }
        });
        for (int piece = 1; piece < pieces; piece++) {
            for (int j = 0; j < columns; j++) {
                sums[j] += sums[piece * columns + j];
            }
        }
        return Arrays.copyOf(sums, columns);
    }

    private static void addFour(double[] sums, int to, float[] x, int at, int row, int columns) {
        int half = DOUBLES.length();
        int j = 0;
        for (; j <= columns - COUNT; j += COUNT) {
            FloatVector x0 = FloatVector.fromArray(FLOATS, x, at + j);
            FloatVector x1 = FloatVector.fromArray(FLOATS, x, at + row + j);
            FloatVector x2 = FloatVector.fromArray(FLOATS, x, at + 2 * row + j);
            FloatVector x3 = FloatVector.fromArray(FLOATS, x, at + 3 * row + j);
            DoubleVector.fromArray(DOUBLES, sums, to + j)
                    .add(x0.convertShape(VectorOperators.F2D, DOUBLES, 0))
                    .add(x1.convertShape(VectorOperators.F2D, DOUBLES, 0))
                    .add(x2.convertShape(VectorOperators.F2D, DOUBLES, 0))
                    .add(x3.convertShape(VectorOperators.F2D, DOUBLES, 0))
                    .intoArray(sums, to + j);
            DoubleVector.fromArray(DOUBLES, sums, to + j + half)
                    .add(x0.convertShape(VectorOperators.F2D, DOUBLES, 1))
                    .add(x1.convertShape(VectorOperators.F2D, DOUBLES, 1))
                    .add(x2.convertShape(VectorOperators.F2D, DOUBLES, 1))
                    .add(x3.convertShape(VectorOperators.F2D, DOUBLES, 1))
                    .intoArray(sums, to + j + half);
        }
        for (; j < columns; j++) {
            double sum = sums[to + j];
            for (int i = 0; i < 4; i++) {
                sum += x[at + i * row + j];
            }
            sums[to + j] = sum;
        }
    }

    private static void addOne(double[] sums, int to, float[] x, int at, int columns) {
        for (int j = 0; j < columns; j++) {
            sums[to + j] += x[at + j];
        }
    }
}
