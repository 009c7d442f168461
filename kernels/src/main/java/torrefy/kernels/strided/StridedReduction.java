package torrefy.kernels.strided;

import java.util.Arrays;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.ParallelLoop;

/// A reduction of some axes of an array, whatever its strides: sums, maxima.
///
/// Two loops, one in the other: over the axes that are kept and over those that are reduced. If memory runs on along a
/// reduced axis, each result is made of whole runs (*along*); if it runs on along a kept axis, many results grow side
/// by side, a run of the input at a time (*across*).
///
/// Long reductions are cut into pieces, whose partial results are combined in order of the pieces; how it is cut
/// follows from shape and strides alone. Partial results are doubles.
public final class StridedReduction {

    /// What is computed, given over the array that is read.
    public interface Reducer {
        /// The result of reducing nothing.
        double neutral();

        double combine(double a, double b);

        /// The elements `at`, `at + stride`, … reduced to one number.
        double along(int at, int stride, int length);

        /// Combines `results[i]` with the element at `at + i·stride`, for i from 0 to `length − 1`.
        void across(double[] results, int at, int stride, int length);
    }

    /// At least this many results side by side in a piece, so that cache lines are used whole.
    private static final int NARROWEST_PIECE = 64;

    /// Over the kept axes: array 0 is the input, array 1 the place in row-major order of the result.
    private final StridedLoop kept;
    /// Over the reduced axes, as distances from where the kept axes lead.
    private final StridedLoop reduced;

    private final boolean along;
    private final int results;

    private StridedReduction(StridedLoop kept, StridedLoop reduced, boolean along, int results) {
        this.kept = kept;
        this.reduced = reduced;
        this.along = along;
        this.results = results;
    }

    /// The reduction of the axes along which `out` has size 1; `out` has the rank of `in` and is contiguous.
    public static StridedReduction of(NdArray out, NdArray in) {
        int rank = in.rank();
        int[] keptSizes = new int[rank];
        int[] reducedSizes = new int[rank];
        int[][] keptStrides = new int[2][rank];
        int[][] reducedStrides = new int[1][rank];
        int keptStep = Integer.MAX_VALUE;
        int reducedStep = Integer.MAX_VALUE;
        int reducedElements = 1;
        int inside = 1;
        for (int axis = rank - 1; axis >= 0; axis--) {
            boolean keep = out.size(axis) == in.size(axis);
            keptSizes[axis] = keep ? in.size(axis) : 1;
            reducedSizes[axis] = keep ? 1 : in.size(axis);
            keptStrides[0][axis] = in.stride(axis);
            keptStrides[1][axis] = inside;
            reducedStrides[0][axis] = in.stride(axis);
            inside *= out.size(axis);
            if (in.size(axis) != 1 && keep) {
                keptStep = Math.min(keptStep, in.stride(axis));
            } else if (in.size(axis) != 1) {
                reducedStep = Math.min(reducedStep, in.stride(axis));
                reducedElements *= in.size(axis);
            }
        }
        boolean along = reducedStep < keptStep;
        int fewest = along ? 1 : NARROWEST_PIECE;
        int keptInPiece = Math.max(fewest, StridedLoop.PIECE / Math.max(1, reducedElements));
        return new StridedReduction(
                StridedLoop.over(keptSizes, keptStrides, new int[] {in.start(), 0}, keptInPiece),
                StridedLoop.over(reducedSizes, reducedStrides, new int[1], StridedLoop.PIECE),
                along,
                out.elements());
    }

    /// The results in row-major order.
    public double[] run(ParallelLoop loop, Reducer reducer) {
        int parts = reduced.pieces();
        if (parts == 0) {
            double[] nothing = new double[results];
            Arrays.fill(nothing, reducer.neutral());
            return nothing;
        }
        double[] partial = new double[Math.multiplyExact(results, parts)];
        loop.run(kept.pieces() * parts, (piece, worker) -> {
            int part = piece % parts;
            kept.piece(piece / parts, (at, stride, length) -> {
                int to = part * results + at[1];
                if (along) {
                    for (int i = 0; i < length; i++) {
                        partial[to + i * stride[1]] = along(reducer, part, at[0] + i * stride[0]);
                    }
                } else {
                    double[] sideBySide = across(reducer, part, at[0], stride[0], length);
                    for (int i = 0; i < length; i++) {
                        partial[to + i * stride[1]] = sideBySide[i];
                    }
                }
            });
        });
        for (int part = 1; part < parts; part++) {
            for (int i = 0; i < results; i++) {
                partial[i] = reducer.combine(partial[i], partial[part * results + i]);
            }
        }
        return parts == 1 ? partial : Arrays.copyOf(partial, results);
    }

    private double along(Reducer reducer, int part, int from) {
        double[] result = {reducer.neutral()};
        reduced.piece(
                part,
                (at, stride, length) ->
                        result[0] = reducer.combine(result[0], reducer.along(from + at[0], stride[0], length)));
        return result[0];
    }

    private double[] across(Reducer reducer, int part, int from, int step, int width) {
        double[] sideBySide = new double[width];
        Arrays.fill(sideBySide, reducer.neutral());
        reduced.piece(part, (at, stride, length) -> {
            for (int i = 0; i < length; i++) {
                reducer.across(sideBySide, from + at[0] + i * stride[0], step, width);
            }
        });
        return sideBySide;
    }
}
