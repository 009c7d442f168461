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

    /// An operand as kernels are told of it. An axis in front of the last two that is not simply a batch is one of the
    /// host's loops.
    private record Operand(NdArray array, int start, int batch, int row, int column) {}

    @Override
    public void matmul(NdArray out, NdArray a, NdArray b, boolean accumulate) {
        int m = out.size(-2);
        int n = out.size(-1);
        int k = a.size(-1);
        if (out.elements() == 0) {
            return;
        }
        int rank = out.rank();
        int batch = rank > 2 ? out.size(-3) : 1;
        int outer = out.elements() / (m * n * batch);
        if (batch > 1 && isOneMatrix(out) && isOneMatrix(a) && b.stride(-3) == 0) {
            // One b for the whole batch: the rows of all matrices are those of one.
            m *= batch;
            batch = 1;
        }
        for (int i = 0; i < outer; i++) {
            product(operand(out, i), operand(a, i), operand(b, i), batch, m, n, k, accumulate);
        }
    }

    private static boolean isOneMatrix(NdArray array) {
        return array.stride(-3) == array.stride(-2) * array.size(-2);
    }

    /// The i-th of the batches that the axes before the last three count.
    private static Operand operand(NdArray array, int i) {
        int start = Arguments.start(array);
        int rest = i;
        for (int axis = array.rank() - 4; axis >= 0; axis--) {
            start += rest % array.size(axis) * array.stride(axis);
            rest /= array.size(axis);
        }
        int batch = array.rank() > 2 ? array.stride(-3) : 0;
        return new Operand(array, start, batch, array.stride(-2), array.stride(-1));
    }

    private void product(Operand c, Operand a, Operand b, int batch, int m, int n, int k, boolean add) {
        Arguments.buffer(c.array).memory().forgetUploaded();
        String options = b.array.type() == DataType.BF16 ? "-DHALF" : "";
        if (isForGpu) {
            Arguments arguments = Arguments.of(m, n, k)
                    .and(Arguments.buffer(c.array), c.start, c.batch, c.row)
                    .and(Arguments.buffer(a.array), a.start, a.batch, a.row, a.column)
                    .and(Arguments.buffer(b.array), b.start, b.batch, b.row, b.column)
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
        DeviceBuffer packedA = queue.temporary(3, DataType.F32, batch * down * ROWS * Math.max(1, k));
        DeviceBuffer packedB = queue.temporary(4, DataType.F32, batch * across * COLUMNS * Math.max(1, k));
        pack("pack_a", options, packedA, a, batch, m, k, ROWS, a.row, a.column);
        pack("pack_b", options, packedB, b, batch, n, k, COLUMNS, b.column, b.row);
        int slices = Math.max(1, Math.ceilDiv(k, DEPTH));
        int depth = Math.ceilDiv(k, slices);
        for (int slice = 0; slice < slices; slice++) {
            int from = slice * depth;
            Arguments arguments = Arguments.of(m, n, k, from, Math.min(k, from + depth))
                    .and(Arguments.buffer(c.array), c.start, c.batch, c.row)
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
            Operand operand,
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
                .and(Arguments.buffer(operand.array), operand.start, operand.batch, row, column);
        queue.run(
                "matmul_cpu.cl",
                options,
                kernel,
                new long[] {Math.ceilDiv(rows, width), Math.ceilDiv(columns, inPart), batch},
                new long[] {1, 1, 1},
                arguments.toArray());
    }
}
