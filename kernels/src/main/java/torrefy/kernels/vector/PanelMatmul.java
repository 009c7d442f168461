package torrefy.kernels.vector;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import torrefy.core.parallel.ParallelLoop;

/// A large product by all threads.
///
/// It is cut into *stages*: a panel of a by a panel of b, each of a size that the caches hold. In a stage first b is
/// packed, by all threads together, and then the blocks of c are computed. Blocks are numbered down the columns, and b
/// is packed from left to right, so that a thread of [ParallelLoop], which begins with its own share of either loop,
/// multiplies with what it has packed itself. The rows of a it packs for itself, when it first meets them: what one
/// core has just written comes slowly to another, and packing takes a hundredth of the time of a product.
final class PanelMatmul {

    /// The most floats of a panel: one of a, one of b and as much of c are at home in the third-level cache.
    private static final int PANEL = Math.clamp(CacheSizes.HERE.third() / (4L * Float.BYTES), 1 << 18, 1 << 20);

    /// The deepest panel.
    private static final int DEEP = 4 * Strips.DEPTH;

    /// A stage is cut into at least so many blocks, if it has as many tiles, so that threads get equal shares.
    private static final int BLOCKS = 32;

    /// The most columns of a block.
    private static final int WIDEST = 128;

    /// What happens to a block of the result once it is complete, while it is in the cache.
    @FunctionalInterface
    interface Finish {
        /// The rows `top` to `bottom` and the columns `from` to `to` are complete.
        void block(int top, int bottom, int from, int to);
    }

    /// The panel of a as one worker has packed it, block of rows by block of rows.
    private static final class WorkerPanel {
        private float[] array = new float[0];
        private boolean[] isPacked = new boolean[0];
        private long panel;

        /// The panel of `stage`, of which at least one block of rows is packed.
        Strips with(Stage stage, int block, Scratch scratch) {
            if (panel != stage.panelA) {
                panel = stage.panelA;
                isPacked = new boolean[stage.down()];
                int length = Strips.lengthA(stage.rows, stage.b.k());
                array = array.length < length ? new float[length] : array;
            }
            Strips strips = Strips.ofA(array, stage.rows, stage.b.k());
            if (!isPacked[block]) {
                int top = block * stage.height();
                int bottom = Math.min(stage.rows, top + stage.height());
                strips.packColumns(stage.a.transpose(), top, bottom, scratch);
                isPacked[block] = true;
            }
            return strips;
        }
    }

    private final ParallelLoop loop;
    private final Scratch[] scratch;
    private final WorkerPanel[] panels;
    private final CallerMemory packedB = new CallerMemory();
    private final AtomicLong panelsOfA = new AtomicLong();

    PanelMatmul(ParallelLoop loop, Scratch[] scratch) {
        this.loop = loop;
        this.scratch = scratch;
        this.panels = new WorkerPanel[loop.threads()];
        Arrays.setAll(panels, worker -> new WorkerPanel());
    }

    /// A panel of a, its number among all panels, a packed panel of b, and where in c their product belongs.
    private record Stage(Matrix a, long panelA, int rows, Strips b, int row, int column, boolean isFirst) {

        int height() {
            return Math.min(PackedMatmul.BLOCK, roundUp(Math.ceilDiv(rows, 2), MatmulTile.ROWS));
        }

        int down() {
            return Math.ceilDiv(rows, height());
        }

        int width() {
            int wanted = Math.min(WIDEST, Math.ceilDiv(b.n(), Math.ceilDiv(BLOCKS, down())));
            return roundUp(wanted, MatmulTile.COLUMNS);
        }

        int blocks() {
            return down() * Math.ceilDiv(b.n(), width());
        }

        void compute(int block, Matrix c, Matrix start, Finish finish, WorkerPanel panel, Scratch scratch) {
            int top = block % down() * height();
            int bottom = Math.min(rows, top + height());
            int from = block / down() * width();
            int to = Math.min(b.n(), from + width());
            Matrix part = c.from(row, column);
            Matrix added = !isFirst ? part : start == null ? null : start.from(row, column);
            Strips packedA = panel.with(this, block % down(), scratch);
            PackedMatmul.block(part, added, packedA, b, top, bottom, from, to, scratch.tile);
            if (finish != null) {
                finish.block(row + top, row + bottom, column + from, column + to);
            }
        }
    }

    /// `c = start + a·b`, then `finish`; `start` and `finish` may be null. The last numbers of p come last, and with
    /// them `finish`.
    void multiply(Matrix c, Matrix start, Matrix a, Matrix b, int m, int n, int k, Finish finish) {
        int deep = equalParts(k, DEEP, 1);
        int high = equalParts(m, PANEL / deep, MatmulTile.ROWS);
        int wide = equalParts(n, PANEL / deep, MatmulTile.COLUMNS);
        for (int p = 0; p < k; p += deep) {
            int depth = Math.min(deep, k - p);
            long panelA = panelsOfA.incrementAndGet();
            for (int j = 0; j < n; j += wide) {
                int columns = Math.min(wide, n - j);
                Strips packed = Strips.ofB(packedB.atLeast(Strips.lengthB(depth, columns)), depth, columns);
                Matrix part = b.from(p, j);
                loop.run(packed.pieces(part), (piece, worker) -> packed.pack(part, piece, scratch[worker]));
                for (int i = 0; i < m; i += high) {
                    panelA = i == 0 && m <= high ? panelA : panelsOfA.incrementAndGet();
                    Stage stage = new Stage(a.from(i, p), panelA, Math.min(high, m - i), packed, i, j, p == 0);
                    Finish last = p + deep >= k ? finish : null;
                    loop.run(
                            stage.blocks(),
                            (block, worker) -> stage.compute(block, c, start, last, panels[worker], scratch[worker]));
                }
            }
        }
    }

    /// The size of equal parts of `whole`, at most `limit` each, rounded up to a multiple.
    private static int equalParts(int whole, int limit, int multiple) {
        int parts = Math.ceilDiv(whole, Math.max(limit, multiple));
        return roundUp(Math.ceilDiv(whole, parts), multiple);
    }

    private static int roundUp(int number, int multiple) {
        return Math.ceilDiv(number, multiple) * multiple;
    }
}
