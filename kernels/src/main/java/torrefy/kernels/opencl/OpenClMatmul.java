package torrefy.kernels.opencl;

import torrefy.core.backend.MatmulKernels;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;

/// Matrix products in two forms: packed register tiles where the device is a processor, see `matmul_cpu.cl`, and tiles
/// in local memory where it is a GPU, see `matmul_gpu.cl`.
final class OpenClMatmul implements MatmulKernels {

    private static final int ROWS = 8;
    private static final int COLUMNS = 32;
    /// The deepest slice of the sum.
    private static final int DEPTH = 256;

    private static final int TILE = 64;
    private static final int SIDE = 16;

    /// Elements that one work-item packs, about.
    private static final int PACKED_PIECE = 1 << 14;

    private final Queue queue;
    private final boolean isForGpu;

    OpenClMatmul(Queue queue) {
        this(queue, queue.device().isGpu());
    }

    /// @param isForGpu which form; both run on every device
    OpenClMatmul(Queue queue, boolean isForGpu) {
        this.queue = queue;
        this.isForGpu = isForGpu;
    }

    @Override
    public void matmul(NdArray out, NdArray a, NdArray b, boolean accumulate) {
        MatmulOperand.each(
                out, a, b, (c, left, right, batch, m, n, k) -> product(c, left, right, batch, m, n, k, accumulate));
    }

    private void product(
            MatmulOperand c, MatmulOperand a, MatmulOperand b, int batch, int m, int n, int k, boolean add) {
        String options = b.isHalf() ? "-DHALF" : "";
        if (isForGpu) {
            Arguments arguments = Arguments.of(m, n, k)
                    .and(c.buffer(), c.start(), c.batch(), c.row())
                    .and(a.buffer(), a.start(), a.batch(), a.row(), a.column())
                    .and(b.buffer(), b.start(), b.batch(), b.row(), b.column())
                    .and(add);
            queue.run(
                    "matmul_gpu.cl",
                    options,
                    "multiply",
                    new long[] {(long) Math.ceilDiv(n, TILE) * SIDE, (long) Math.ceilDiv(m, TILE) * SIDE, batch},
                    new long[] {SIDE, SIDE, 1},
                    arguments.toArray());
            return;
        }
        int down = Math.ceilDiv(m, ROWS);
        int across = Math.ceilDiv(n, COLUMNS);
        // One b for the whole batch is packed once for each; that is rare enough.
        DeviceBuffer packedA =
                queue.temporary(Temporary.PACKED_LEFT, DataType.F32, (long) batch * down * ROWS * Math.max(1, k));
        DeviceBuffer packedB =
                queue.temporary(Temporary.PACKED_RIGHT, DataType.F32, (long) batch * across * COLUMNS * Math.max(1, k));
        pack("pack_a", options, packedA, a, batch, m, k, ROWS, a.row(), a.column());
        pack("pack_b", options, packedB, b, batch, n, k, COLUMNS, b.column(), b.row());
        int slices = Math.max(1, Math.ceilDiv(k, DEPTH));
        int depth = Math.ceilDiv(k, slices);
        for (int slice = 0; slice < slices; slice++) {
            int from = slice * depth;
            Arguments arguments = Arguments.of(m, n, k, from, Math.min(k, from + depth))
                    .and(c.buffer(), c.start(), c.batch(), c.row())
                    .and(packedA, packedB, add || slice > 0);
            queue.run(
                    "matmul_cpu.cl",
                    options,
                    "multiply",
                    new long[] {down, across, batch},
                    new long[] {1, 1, 1},
                    arguments.toArray());
        }
    }

    private void pack(
            String kernel,
            String options,
            DeviceBuffer packed,
            MatmulOperand operand,
            int batch,
            int rows,
            int columns,
            int width,
            int row,
            int column) {
        if (columns == 0) {
            return;
        }
        int inPart = Math.max(16, PACKED_PIECE / width / 16 * 16);
        Arguments arguments = Arguments.of(rows, columns, inPart, packed)
                .and(operand.buffer(), operand.start(), operand.batch(), row, column);
        queue.run(
                "matmul_cpu.cl",
                options,
                kernel,
                new long[] {Math.ceilDiv(rows, width), Math.ceilDiv(columns, inPart), batch},
                new long[] {1, 1, 1},
                arguments.toArray());
    }
}
