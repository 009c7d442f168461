package torrefy.kernels.vector;

import torrefy.core.backend.ElementwiseKernels;
import torrefy.core.backend.MatmulKernels;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.ParallelLoop;
import torrefy.kernels.strided.Batch;

/// Matrix products near the speed of the machine's multiply-add units.
///
/// What it adds over [torrefy.kernels.scalar.ScalarMatmul], and `MatmulBenchmark` shows: a tile of the result in
/// registers ([MatmulTile]), operands packed in the order in which the tile reads them ([Packing]), blocks that stay
/// in the caches ([PackedMatmul]), a path for few rows that reads b only once ([FewRowsMatmul]), and threads.
///
/// How a product is cut depends on its shape only; every element of the result is summed by one thread, over slices
/// of p in ascending order.
final class VectorMatmul implements MatmulKernels {

    /// Products of at most so many multiply-adds are left to one thread: waking another takes as long.
    private static final long SMALL = 1 << 18;

    /// Matrices of a batch of at most so many multiply-adds are spread over threads whole.
    private static final long MEDIUM = 1 << 22;

    private final ParallelLoop loop;
    private final Scratch[] scratch;
    private final PanelMatmul panels;

    private final WidenedOperand widened;

    VectorMatmul(ParallelLoop loop) {
        this.loop = loop;
        this.scratch = Scratch.each(loop.threads());
        this.panels = new PanelMatmul(loop, scratch);
        this.widened = new WidenedOperand(loop);
    }

    @Override
    public void matmul(NdArray out, NdArray a, NdArray b, boolean accumulate) {
        batch(out, accumulate ? out : null, a, widened.of(b));
    }

    @Override
    public void matmulBias(NdArray out, NdArray a, NdArray b, NdArray bias, ElementwiseKernels elementwise) {
        batch(out, bias.with(bias.layout().broadcastTo(out.shape())), a, widened.of(b));
    }

    /// `out = start + a·b`; without `start` if it is null. `start` has stride 1 along its last axis and may be `out`.
    private void batch(NdArray out, NdArray start, NdArray a, NdArray b) {
        int outer = out.rank() - 2;
        int count = Batch.size(out, outer);
        int m = out.size(-2);
        int n = out.size(-1);
        int k = a.size(-1);
        if (out.elements() == 0) {
            return;
        }
        if (count > 1 && isOneMatrix(out) && isOneMatrix(a) && (start == null || isOneMatrix(start)) && isShared(b)) {
            large(first(out), start == null ? null : first(start), first(a), first(b), count * m, n, k);
            return;
        }
        long work = (long) m * n * Math.max(1, k);
        if (count > 1 && work <= MEDIUM) {
            int together = Math.clamp(SMALL / work, 1, count);
            loop.run(Math.ceilDiv(count, together), (piece, worker) -> {
                for (int i = piece * together; i < Math.min(count, (piece + 1) * together); i++) {
                    Matrix added = start == null ? null : member(start, i);
                    serial(member(out, i), added, member(a, i), member(b, i), m, n, k, scratch[worker]);
                }
            });
            return;
        }
        for (int i = 0; i < count; i++) {
            large(member(out, i), start == null ? null : member(start, i), member(a, i), member(b, i), m, n, k);
        }
    }

    /// Whether the rows of all matrices of a batch lie at one distance, as if they were one tall matrix.
    private static boolean isOneMatrix(NdArray array) {
        int distance = array.stride(-2) * array.size(-2);
        for (int axis = array.rank() - 3; axis >= 0; axis--) {
            if (array.size(axis) != 1 && array.stride(axis) != distance) {
                return false;
            }
            distance *= array.size(axis);
        }
        return true;
    }

    /// Whether all matrices of a batch are the same one.
    private static boolean isShared(NdArray array) {
        for (int axis = 0; axis < array.rank() - 2; axis++) {
            if (array.size(axis) != 1 && array.stride(axis) != 0) {
                return false;
            }
        }
        return true;
    }

    private static Matrix first(NdArray array) {
        return new Matrix(array.floats(), array.start(), array.stride(-2), array.stride(-1));
    }

    private static Matrix member(NdArray array, int i) {
        int at = Batch.start(array, array.rank() - 2, i);
        return new Matrix(array.floats(), at, array.stride(-2), array.stride(-1));
    }

    /// One product by all threads.
    private void large(Matrix c, Matrix start, Matrix a, Matrix b, int m, int n, int k) {
        if ((long) m * n * k <= SMALL) {
            loop.run(1, (piece, worker) -> serial(c, start, a, b, m, n, k, scratch[worker]));
        } else if (m <= FewRowsMatmul.MOST_ROWS) {
            fewRows(c, start, a, b, m, n, k);
        } else {
            panels.multiply(c, start, a, b, m, n, k, null);
        }
    }

    private void fewRows(Matrix c, Matrix start, Matrix a, Matrix b, int m, int n, int k) {
        Matrix rows = a;
        if (a.column() != 1 && b.column() != 1) {
            float[] copy = new float[m * k];
            for (int i = 0; i < m; i++) {
                for (int p = 0; p < k; p++) {
                    copy[i * k + p] = a.array()[a.index(i, p)];
                }
            }
            rows = new Matrix(copy, 0, k, 1);
        }
        Matrix left = rows;
        int stretches = (int) Math.max(1, SMALL / ((long) m * k * FewRowsMatmul.STRETCH));
        int width = stretches * FewRowsMatmul.STRETCH;
        loop.run(Math.ceilDiv(n, width), (piece, worker) -> {
            int from = piece * width;
            FewRowsMatmul.columns(c, start, left, b, m, k, from, Math.min(n, from + width));
        });
    }

    /// One product by one thread, with memory of its own: what a kernel calls inside a piece.
    static void serial(Matrix c, Matrix start, Matrix a, Matrix b, int m, int n, int k, Scratch scratch) {
        if (m <= FewRowsMatmul.MOST_ROWS || k == 0) {
            FewRowsMatmul.columns(c, start, a, b, m, k, 0, n);
        } else {
            Strips strips = Strips.ofB(scratch.wide(Strips.lengthB(k, n)), k, n);
            strips.pack(b, scratch);
            PackedMatmul.all(c, start, a, strips, k, m, n, scratch);
        }
    }
}
