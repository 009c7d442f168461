package torrefy.kernels.scalar;

import torrefy.core.backend.IndexKernels;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.ParallelLoop;
import torrefy.kernels.strided.RowLoop;

/// Reading and adding at computed places. Where the same place may be added to twice, the threads share the columns and
/// each adds in the order of the indices.
final class ScalarIndex implements IndexKernels {

    /// How many columns of a scattered row a piece takes: several cache lines.
    private static final int COLUMNS = 64;

    private final ParallelLoop loop;

    ScalarIndex(ParallelLoop loop) {
        this.loop = loop;
    }

    @Override
    public int firstOutOfRange(NdArray indices, int limit, int ignore) {
        int[] index = indices.ints();
        int start = indices.start();
        for (int i = 0; i < indices.elements(); i++) {
            int value = index[start + i];
            if ((value < 0 || value >= limit) && value != ignore) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public void gatherRows(NdArray out, NdArray table, NdArray indices) {
        float[] o = out.floats();
        int[] index = indices.ints();
        int width = out.size(1);
        RowSource rows = RowSource.of(table);
        RowLoop.run(loop, out.size(0), width, (from, to, worker) -> {
            for (int i = from; i < to; i++) {
                int row = table.start() + index[indices.start() + i] * table.stride(0);
                rows.copy(row, o, out.start() + i * out.stride(0), width);
            }
        });
    }

    @Override
    public void scatterAddRows(NdArray out, NdArray indices, NdArray in) {
        float[] o = out.floats();
        float[] x = in.floats();
        int[] index = indices.ints();
        int width = out.size(1);
        loop.run(Math.ceilDiv(width, COLUMNS), (piece, worker) -> {
            int first = piece * COLUMNS;
            int end = Math.min(width, first + COLUMNS);
            for (int i = 0; i < in.size(0); i++) {
                int row = out.start() + index[indices.start() + i] * out.stride(0);
                int from = in.start() + i * in.stride(0);
                for (int c = first; c < end; c++) {
                    o[row + c] += x[from + c];
                }
            }
        });
    }

    @Override
    public void gather(NdArray out, NdArray in, NdArray indices) {
        float[] o = out.floats();
        float[] x = in.floats();
        int[] index = indices.ints();
        int picked = out.size(1);
        int inside = out.size(2);
        RowLoop.run(loop, out.size(0) * picked, inside, (from, to, worker) -> {
            for (int row = from; row < to; row++) {
                int source = in.start() + row / picked * in.size(1) * inside;
                for (int n = 0; n < inside; n++) {
                    int at = row * inside + n;
                    o[out.start() + at] = x[source + index[indices.start() + at] * inside + n];
                }
            }
        });
    }

    @Override
    public void scatterAdd(NdArray out, NdArray indices, NdArray in) {
        float[] o = out.floats();
        float[] x = in.floats();
        int[] index = indices.ints();
        int picked = in.size(1);
        int inside = in.size(2);
        RowLoop.run(loop, in.size(0), (long) picked * inside, (from, to, worker) -> {
            for (int outer = from; outer < to; outer++) {
                int target = out.start() + outer * out.size(1) * inside;
                for (int i = 0; i < picked; i++) {
                    for (int n = 0; n < inside; n++) {
                        int at = (outer * picked + i) * inside + n;
                        o[target + index[indices.start() + at] * inside + n] += x[in.start() + at];
                    }
                }
            }
        });
    }
}
