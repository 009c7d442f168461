package torrefy.kernels.vector;

import static torrefy.kernels.vector.Lanes.COUNT;

import java.util.Arrays;
import torrefy.core.backend.ElementwiseKernels;
import torrefy.core.backend.MatmulKernels;
import torrefy.core.backend.UnaryFunction;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.ParallelLoop;
import torrefy.kernels.strided.Batch;
import torrefy.kernels.vector.PanelMatmul.Finish;

/// Matrix products near the speed of the machine's multiply-add units.
///
/// What it adds over [torrefy.kernels.scalar.ScalarMatmul], and `MatmulBenchmark` shows, is three to four times its
/// speed: a tile of the result in registers ([MatmulTile]), operands packed in the order in which the tile reads them
/// ([Packing]), blocks that stay in the caches ([PackedMatmul]), threads that work from what they packed
/// ([PanelMatmul]), and a path for few rows that reads b only once ([FewRowsMatmul]). Biases, residuals and activations
/// are added to a block while it is in the cache. The package's documentation goes through the steps with their
/// figures.
///
/// How a product is cut depends on its shape only; every element of the result is summed by one thread, over slices
/// of p in ascending order.
final class VectorMatmul implements MatmulKernels {

    /// Products of at most so many multiply-adds are left to one thread: waking another takes as long.
    private static final long SMALL = 1 << 18;

    /// A b of at most so many elements is left to one thread if it is multiplied by a few rows.
    private static final int SMALL_FACTOR = 1 << 16;

    /// Matrices of a batch of at most so many multiply-adds are spread over threads whole.
    private static final long MEDIUM = 1 << 22;

    /// A product of few rows is cut into at least so many pieces, if it is wide enough.
    private static final int PIECES = 16;

    /// Rows of b that are longer than this are cut, and not only put apart.
    private static final int WIDE = 8192;

    private final ParallelLoop loop;
    private final Scratch[] scratch;
    private final PanelMatmul panels;

    /// Products of parts, before they are added up.
    private final CallerMemory partial = new CallerMemory();

    VectorMatmul(ParallelLoop loop) {
        this.loop = loop;
        this.scratch = Scratch.each(loop.threads());
        this.panels = new PanelMatmul(loop, scratch);
    }

    @Override
    public void matmul(NdArray out, NdArray a, NdArray b, boolean accumulate) {
        batch(out, accumulate ? out : null, a, b, null);
    }

    @Override
    public void matmulBias(NdArray out, NdArray a, NdArray b, NdArray bias, ElementwiseKernels elementwise) {
        batch(out, bias.with(bias.layout().broadcastTo(out.shape())), a, b, null);
    }

    @Override
    public void matmulResidual(
            NdArray out, NdArray a, NdArray b, NdArray bias, NdArray residual, ElementwiseKernels elementwise) {
        Finish addBias = bias == null
                ? null
                : (top, bottom, from, to) -> {
                    for (int i = top; i < bottom; i++) {
                        int at = out.start() + i * out.stride(0) + from;
                        Rows.sum(out.floats(), at, out.floats(), at, bias.floats(), bias.start() + from, to - from);
                    }
                };
        batch(out, residual, a, b, addBias);
    }

    @Override
    public void matmulActivated(
            NdArray out,
            NdArray inner,
            NdArray a,
            NdArray b,
            NdArray bias,
            UnaryFunction f,
            ElementwiseKernels elementwise) {
        Runs.Loop function = UnaryLoops.of(f);
        if (function == null) {
            MatmulKernels.super.matmulActivated(out, inner, a, b, bias, f, elementwise);
            return;
        }
        NdArray start = bias == null ? null : bias.with(bias.layout().broadcastTo(inner.shape()));
        batch(inner, start, a, b, onBlocks(function, out, inner));
    }

    @Override
    public void matmulActivationGradient(
            NdArray dInner, NdArray a, NdArray b, NdArray inner, UnaryFunction f, ElementwiseKernels elementwise) {
        batch(dInner, null, a, b, onBlocks(UnaryGradientLoops.of(f, false), dInner, inner, inner, dInner));
    }

    /// Applies `function` to the same block of all `arrays`, contiguous matrices of one shape.
    private static Finish onBlocks(Runs.Loop function, NdArray... arrays) {
        return (top, bottom, from, to) -> {
            float[][] floats = new float[arrays.length][];
            int[] at = new int[arrays.length];
            int[] neighbours = new int[arrays.length];
            Arrays.fill(neighbours, 1);
            for (int i = top; i < bottom; i++) {
                for (int array = 0; array < arrays.length; array++) {
                    floats[array] = arrays[array].floats();
                    at[array] = arrays[array].start() + i * arrays[array].stride(0) + from;
                }
                Runs.run(function, floats, at, neighbours, to - from);
            }
        };
    }

    /// `out = start + a·b`; without `start` if it is null. `start` has stride 1 along its last axis and may be `out`.
    /// `finish` is for matrices alone.
    private void batch(NdArray out, NdArray start, NdArray a, NdArray b, Finish finish) {
        int outer = out.rank() - 2;
        int count = Batch.size(out, outer);
        int m = out.size(-2);
        int n = out.size(-1);
        int k = a.size(-1);
        if (out.elements() == 0) {
            return;
        }
        if (count > 1 && isOneMatrix(out) && isOneMatrix(a) && (start == null || isOneMatrix(start)) && isShared(b)) {
            large(first(out), start == null ? null : first(start), first(a), first(b), count * m, n, k, finish);
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
            large(member(out, i), start == null ? null : member(start, i), member(a, i), member(b, i), m, n, k, finish);
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
        return Matrix.of(array, array.start());
    }

    private static Matrix member(NdArray array, int i) {
        return Matrix.of(array, Batch.start(array, array.rank() - 2, i));
    }

    /// One product by all threads.
    private void large(Matrix c, Matrix start, Matrix a, Matrix b, int m, int n, int k, Finish finish) {
        if (FewRowsMatmul.isFor(m)) {
            fewRows(c, start, a, b, m, n, k, finish);
        } else if ((long) m * n * k <= SMALL) {
            loop.run(1, (piece, worker) -> {
                serial(c, start, a, b, m, n, k, scratch[worker]);
                if (finish != null) {
                    finish.block(0, m, 0, n);
                }
            });
        } else {
            panels.multiply(c, start, a, b, m, n, k, finish);
        }
    }

    /// How a few rows are multiplied depends on b alone, so that each gives the same bits with any others beside it.
    private void fewRows(Matrix c, Matrix start, Matrix a, Matrix b, int m, int n, int k, Finish finish) {
        if ((long) n * k <= SMALL_FACTOR) {
            loop.run(1, (piece, worker) -> {
                fewRows(c, start, a, b, m, n, k, scratch[worker]);
                if (finish != null) {
                    finish.block(0, m, 0, n);
                }
            });
        } else if (b.column() == 1 && n <= WIDE) {
            fewRowsByParts(c, start, a, b, m, n, k, finish);
        } else {
            fewRowsByColumns(c, start, a, b, m, n, k, finish);
        }
    }

    /// The rows of b are cut into parts, each of which is one stretch of memory, and the parts' products are added up
    /// in order.
    private void fewRowsByParts(Matrix c, Matrix start, Matrix a, Matrix b, int m, int n, int k, Finish finish) {
        int deep = FewRowsMatmul.wholeGroups(Math.ceilDiv(k, PIECES));
        int parts = Math.ceilDiv(k, deep);
        float[] products = partial.atLeast(parts * m * n);
        loop.run(parts, (part, worker) -> {
            int p = part * deep;
            Matrix product = new Matrix(products, part * m * n, n, 1);
            fewRows(product, null, a.from(0, p), b.from(p, 0), m, n, Math.min(deep, k - p), scratch[worker]);
        });
        int width = FewRowsMatmul.WIDEST;
        loop.run(Math.ceilDiv(n, width), (piece, worker) -> {
            int from = piece * width;
            int count = Math.min(width, n - from);
            for (int i = 0; i < m; i++) {
                int at = c.index(i, from);
                for (int part = 0; part < parts; part++) {
                    int row = (part * m + i) * n + from;
                    if (part == 0 && start == null) {
                        System.arraycopy(products, row, c.array(), at, count);
                    } else if (part == 0) {
                        Rows.sum(c.array(), at, start.array(), start.index(i, from), products, row, count);
                    } else {
                        Rows.sum(c.array(), at, c.array(), at, products, row, count);
                    }
                }
            }
            if (finish != null) {
                finish.block(0, m, from, from + count);
            }
        });
    }

    private void fewRowsByColumns(Matrix c, Matrix start, Matrix a, Matrix b, int m, int n, int k, Finish finish) {
        int parts = Math.max(1, Math.min(Math.ceilDiv(n, FewRowsMatmul.NARROWEST), PIECES));
        int width = Math.min(FewRowsMatmul.WIDEST, Math.ceilDiv(Math.ceilDiv(n, parts), COUNT) * COUNT);
        loop.run(Math.ceilDiv(n, width), (piece, worker) -> {
            int from = piece * width;
            int to = Math.min(n, from + width);
            Matrix added = start == null ? null : start.from(0, from);
            fewRows(c.from(0, from), added, a, b.from(0, from), m, to - from, k, scratch[worker]);
            if (finish != null) {
                finish.block(0, m, from, to);
            }
        });
    }

    private static void fewRows(Matrix c, Matrix start, Matrix a, Matrix b, int m, int n, int k, Scratch scratch) {
        Matrix rows = a;
        if (a.column() != 1 && b.column() != 1) {
            float[] copy = scratch.rows(m * k);
            for (int i = 0; i < m; i++) {
                for (int p = 0; p < k; p++) {
                    copy[i * k + p] = a.array()[a.index(i, p)];
                }
            }
            rows = new Matrix(copy, 0, k, 1);
        }
        FewRowsMatmul.multiply(c, start, rows, b, m, n, k, scratch);
    }

    /// One product by one thread, with memory of its own: what a kernel calls inside a piece.
    static void serial(Matrix c, Matrix start, Matrix a, Matrix b, int m, int n, int k, Scratch scratch) {
        if (m <= FewRowsMatmul.MOST_ROWS_SERIAL || k == 0) {
            fewRows(c, start, a, b, m, n, k, scratch);
        } else {
            Strips strips = Strips.ofB(scratch.wide(Strips.lengthB(k, n)), k, n);
            strips.pack(b, scratch);
            PackedMatmul.all(c, start, a, strips, k, m, n, scratch);
        }
    }
}
