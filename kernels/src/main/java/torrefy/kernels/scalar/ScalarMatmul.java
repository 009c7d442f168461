package torrefy.kernels.scalar;

import java.util.Arrays;
import torrefy.core.backend.MatmulKernels;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.ParallelLoop;
import torrefy.kernels.strided.Batch;

/// Matrix products by rows: row i of the result is the sum of the rows of b, each times its element of row i of a.
///
/// ```
/// for i:  for p:  for j:  out[i, j] += a[i, p]·b[p, j]
/// ```
///
/// The loop over j is innermost because it runs over neighbours in memory, and is made of whole arrays (see
/// [RowCombination]): a block of b is copied into one array per row first, which also sets right a b that lies
/// transposed, and the blocks are small enough to stay in the cache while all rows of a pass by.
final class ScalarMatmul implements MatmulKernels {

    /// The size of a piece of work in the result: rows and columns.
    private static final int BLOCK_ROWS = 256;

    private static final int BLOCK_COLUMNS = 512;

    /// How many rows of b are held at a time: with [#BLOCK_COLUMNS], 256 kB.
    private static final int BLOCK_INNER = 128;

    /// What one thread keeps: a block of b, and a row of the result.
    private static final class Scratch {
        final float[][] b = new float[BLOCK_INNER][BLOCK_COLUMNS];
        final float[] row = new float[BLOCK_COLUMNS];
    }

    private final ParallelLoop loop;
    private final Scratch[] scratch;

    ScalarMatmul(ParallelLoop loop) {
        this.loop = loop;
        this.scratch = new Scratch[loop.threads()];
    }

    @Override
    public void matmul(NdArray out, NdArray a, NdArray b, boolean accumulate) {
        int axes = out.rank() - 2;
        int rowBlocks = Math.ceilDiv(out.size(-2), BLOCK_ROWS);
        int columnBlocks = Math.ceilDiv(out.size(-1), BLOCK_COLUMNS);
        int blocks = rowBlocks * columnBlocks;
        RowSource rowsOfB = RowSource.of(b);
        loop.run(Math.multiplyExact(Batch.size(out, axes), blocks), (piece, worker) -> {
            if (scratch[worker] == null) {
                scratch[worker] = new Scratch();
            }
            int member = piece / blocks;
            int row = piece % blocks / columnBlocks * BLOCK_ROWS;
            int column = piece % columnBlocks * BLOCK_COLUMNS;
            Block block = new Block(
                    out.floats(),
                    Batch.start(out, axes, member) + row * out.stride(-2) + column,
                    out.stride(-2),
                    a.floats(),
                    Batch.start(a, axes, member) + row * a.stride(-2),
                    a.stride(-2),
                    a.stride(-1),
                    rowsOfB,
                    Batch.start(b, axes, member) + column * b.stride(-1),
                    b.stride(-2),
                    b.stride(-1),
                    Math.min(BLOCK_ROWS, out.size(-2) - row),
                    Math.min(BLOCK_COLUMNS, out.size(-1) - column),
                    a.size(-1));
            block.compute(scratch[worker], accumulate);
        });
    }

    /// A block of the result, and the rows of a and columns of b that it is the product of. An operand is an array,
    /// where it starts, and its strides from row to row and from column to column.
    private record Block(
            float[] out,
            int outStart,
            int outRow,
            float[] a,
            int aStart,
            int aRow,
            int aColumn,
            RowSource b,
            int bStart,
            int bRow,
            int bColumn,
            int rows,
            int columns,
            int inner) {

        void compute(Scratch scratch, boolean accumulate) {
            if (!accumulate) {
                for (int i = 0; i < rows; i++) {
                    Arrays.fill(out, outStart + i * outRow, outStart + i * outRow + columns, 0);
                }
            }
            for (int p = 0; p < inner; p += BLOCK_INNER) {
                int depth = Math.min(BLOCK_INNER, inner - p);
                load(scratch.b, p, depth);
                for (int i = 0; i < rows; i++) {
                    addToRow(scratch, i, p, depth);
                }
            }
        }

        /// Rows `p` to `p + depth − 1` of b, one array each.
        private void load(float[][] panel, int p, int depth) {
            int from = bStart + p * bRow;
            if (bColumn == 1) {
                for (int r = 0; r < depth; r++) {
                    b.copy(from + r * bRow, panel[r], 0, columns);
                }
                return;
            }
            if (bRow == 1) {
                loadTransposed(panel, from, depth);
                return;
            }
            for (int r = 0; r < depth; r++) {
                for (int column = 0; column < columns; column++) {
                    b.copy(from + r * bRow + column * bColumn, panel[r], column, 1);
                }
            }
        }

        /// Columns of b lie along memory: each is read there, and spread over the panel's rows.
        private void loadTransposed(float[][] panel, int from, int depth) {
            float[] line = new float[depth];
            for (int column = 0; column < columns; column++) {
                b.copy(from + column * bColumn, line, 0, depth);
                for (int r = 0; r < depth; r++) {
                    panel[r][column] = line[r];
                }
            }
        }

        private void addToRow(Scratch scratch, int i, int p, int depth) {
            int at = outStart + i * outRow;
            System.arraycopy(out, at, scratch.row, 0, columns);
            RowCombination.addRows(scratch.row, a, aStart + i * aRow + p * aColumn, aColumn, scratch.b, depth, columns);
            System.arraycopy(scratch.row, 0, out, at, columns);
        }
    }
}
