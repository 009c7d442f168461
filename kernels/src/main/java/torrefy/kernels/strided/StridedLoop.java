package torrefy.kernels.strided;

import java.util.Arrays;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.ParallelLoop;

/// A loop over the elements of several arrays of one shape, whatever their strides: the elements come as *runs*,
/// stretches along one axis over which every array moves by a constant step.
///
/// Before it runs, the loop is made as simple as the strides allow: axes of size 1 are dropped, the axis along which
/// the first array (the one that is written) moves in the smallest steps becomes the innermost, and neighbouring axes
/// that all arrays cross without a gap become one. Contiguous arrays of any rank are thus a single run.
///
/// The order in which elements are visited is not theirs in the shape: for kernels that treat every element alike.
public final class StridedLoop {

    /// About how many elements make a piece of parallel work. A multiple of every vector length.
    public static final int PIECE = 1 << 14;

    /// What is done with one run.
    @FunctionalInterface
    public interface Run {
        /// Element i of the run is at `at[k] + i·stride[k]` in the k-th array, for i from 0 to `length − 1`.
        ///
        /// @param at valid during the call only
        void run(int[] at, int[] stride, int length);
    }

    /// The axes outside the innermost, outermost first.
    private final int[] sizes;
    /// By array, then by axis.
    private final int[][] strides;
    private final int[] starts;
    private final int[] innerStrides;
    private final int length;
    private final int runs;
    /// How many pieces a run is cut into; 1 unless it is longer than a piece should be.
    private final int partsOfRun;
    /// How many elements of a run a piece takes.
    private final int lengthInPiece;
    /// How many runs a piece takes.
    private final int runsInPiece;

    private StridedLoop(
            int[] sizes, int[][] strides, int[] starts, int[] innerStrides, int length, int elementsInPiece) {
        this.sizes = sizes;
        this.strides = strides;
        this.starts = starts;
        this.innerStrides = innerStrides;
        this.length = length;
        this.partsOfRun = Math.max(1, Math.ceilDiv(length, elementsInPiece));
        this.lengthInPiece = Math.min(length, elementsInPiece);
        this.runsInPiece = Math.max(1, elementsInPiece / Math.max(1, length));
        int product = length == 0 ? 0 : 1;
        for (int size : sizes) {
            product *= size;
        }
        this.runs = product;
    }

    /// The loop over all elements of `arrays`, which have one shape; the first is the one that is written.
    public static StridedLoop over(NdArray... arrays) {
        int rank = arrays[0].rank();
        int[] sizes = arrays[0].shape().sizes();
        int[][] strides = new int[arrays.length][rank];
        int[] starts = new int[arrays.length];
        for (int k = 0; k < arrays.length; k++) {
            assert arrays[k].shape().equals(arrays[0].shape())
                    : "shapes differ: " + arrays[0].shape() + " and " + arrays[k].shape();
            starts[k] = arrays[k].start();
            for (int axis = 0; axis < rank; axis++) {
                strides[k][axis] = arrays[k].stride(axis);
            }
        }
        return over(sizes, strides, starts, PIECE);
    }

    /// The loop over arrays of shape `sizes`, given by their strides (by array, then by axis) and starts, in pieces of
    /// about `elementsInPiece` elements. The arguments are used up.
    static StridedLoop over(int[] sizes, int[][] strides, int[] starts, int elementsInPiece) {
        sortByStepOfFirst(sizes, strides);
        return merge(sizes, strides, starts, elementsInPiece);
    }

    /// A stable insertion sort: there are few axes, and mostly they are in order.
    private static void sortByStepOfFirst(int[] sizes, int[][] strides) {
        for (int i = 1; i < sizes.length; i++) {
            for (int j = i; j > 0 && strides[0][j - 1] < strides[0][j]; j--) {
                swap(sizes, j);
                for (int[] ofArray : strides) {
                    swap(ofArray, j);
                }
            }
        }
    }

    private static void swap(int[] values, int j) {
        int swapped = values[j];
        values[j] = values[j - 1];
        values[j - 1] = swapped;
    }

    /// The loop over the axes that are left when those are [joined][AxisJoining] that can be.
    private static StridedLoop merge(int[] sizes, int[][] strides, int[] starts, int elementsInPiece) {
        int kept = AxisJoining.join(sizes, strides);
        int[] innerStrides = new int[strides.length];
        Arrays.fill(innerStrides, 1);
        if (kept == 0) {
            return new StridedLoop(new int[0], strides, starts, innerStrides, 1, elementsInPiece);
        }
        for (int k = 0; k < strides.length; k++) {
            innerStrides[k] = strides[k][kept - 1];
        }
        return new StridedLoop(
                Arrays.copyOf(sizes, kept - 1), strides, starts, innerStrides, sizes[kept - 1], elementsInPiece);
    }

    /// How many runs there are; 0 if there are no elements.
    public int runs() {
        return runs;
    }

    /// How many elements a run has.
    public int length() {
        return length;
    }

    /// How many pieces the loop is cut into, by its shape and strides alone; 0 if there are no elements.
    public int pieces() {
        return partsOfRun > 1 ? runs * partsOfRun : Math.ceilDiv(runs, runsInPiece);
    }

    /// Calls `body` for the runs of one piece; a run too long for one piece comes in parts.
    public void piece(int piece, Run body) {
        if (partsOfRun > 1) {
            int from = piece % partsOfRun * lengthInPiece;
            walk(piece / partsOfRun, piece / partsOfRun + 1, from, Math.min(lengthInPiece, length - from), body);
        } else {
            int first = piece * runsInPiece;
            walk(first, Math.min(runs, first + runsInPiece), 0, length, body);
        }
    }

    /// Calls `body` for all pieces, spread over the threads of `loop`.
    public void run(ParallelLoop loop, Run body) {
        if (pieces() == 1) {
            piece(0, body);
        } else {
            loop.run(pieces(), (piece, worker) -> piece(piece, body));
        }
    }

    /// Calls `body` for the runs `first` to `end − 1`, of each the `count` elements from `from` on.
    private void walk(int first, int end, int from, int count, Run body) {
        int arrays = starts.length;
        int[] position = new int[sizes.length];
        int[] at = new int[arrays];
        int[] handed = new int[arrays];
        for (int k = 0; k < arrays; k++) {
            at[k] = starts[k] + from * innerStrides[k];
        }
        int rest = first;
        for (int axis = sizes.length - 1; axis >= 0; axis--) {
            position[axis] = rest % sizes[axis];
            rest /= sizes[axis];
            for (int k = 0; k < arrays; k++) {
                at[k] += position[axis] * strides[k][axis];
            }
        }
        for (int run = first; run < end; run++) {
            System.arraycopy(at, 0, handed, 0, arrays);
            body.run(handed, innerStrides, count);
            for (int axis = sizes.length - 1; axis >= 0; axis--) {
                boolean carry = ++position[axis] == sizes[axis];
                int steps = carry ? 1 - sizes[axis] : 1;
                for (int k = 0; k < arrays; k++) {
                    at[k] += steps * strides[k][axis];
                }
                if (!carry) {
                    break;
                }
                position[axis] = 0;
            }
        }
    }
}
