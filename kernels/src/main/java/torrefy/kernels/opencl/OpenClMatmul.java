package torrefy.kernels.opencl;

import torrefy.core.backend.MatmulKernels;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;

/// Matrix products in two forms: packed register tiles where the device is a processor, see `matmul_cpu.cl`, and tiles
/// in local memory where it is a GPU, see `matmul_gpu.cl`. The tiles choose the form, and their sizes are options of
/// its program.
final class OpenClMatmul implements MatmulKernels {

    /// Elements that one work-item packs, about.
    private static final int PACKED_PIECE = 1 << 14;

    private final Queue queue;
    private final MatmulTiles tiles;

    /// @param tiles that fit the queue's device; either form runs on every device
    OpenClMatmul(Queue queue, MatmulTiles tiles) {
        this.queue = queue;
        this.tiles = tiles;
    }

    @Override
    public void matmul(NdArray out, NdArray a, NdArray b, boolean accumulate) {
        MatmulOperand.each(out, a, b, (c, left, right, batch, m, n, k) -> {
            switch (tiles) {
                case CpuTiles cpu -> product(cpu, c, left, right, batch, m, n, k, accumulate);
                case GpuTiles gpu -> product(gpu, c, left, right, batch, m, n, k, accumulate);
            }
        });
    }

    private void product(
            GpuTiles gpu,
            MatmulOperand c,
            MatmulOperand a,
            MatmulOperand b,
            int batch,
            int m,
            int n,
            int k,
            boolean add) {
        String options = gpu.options() + (b.isHalf() ? " -DHALF" : "");
        if (a.isAlignedTo(4) && b.isAlignedTo(4)) {
            options += " -DALIGNED";
        }
        Arguments arguments = Arguments.of(m, n, k)
                .and(c.buffer(), c.start(), c.batch(), c.row())
                .and(a.buffer(), a.start(), a.batch(), a.row(), a.column())
                .and(b.buffer(), b.start(), b.batch(), b.row(), b.column())
                .and(add);
        long across = (long) Math.ceilDiv(n, gpu.tileColumns()) * gpu.itemsAcross();
        long down = (long) Math.ceilDiv(m, gpu.tileRows()) * gpu.itemsDown();
        queue.run(
                GpuTiles.PROGRAM,
                options,
                "multiply",
                new long[] {across, down, batch},
                new long[] {gpu.itemsAcross(), gpu.itemsDown(), 1},
                arguments.toArray());
    }

    private void product(
            CpuTiles cpu,
            MatmulOperand c,
            MatmulOperand a,
            MatmulOperand b,
            int batch,
            int m,
            int n,
            int k,
            boolean add) {
        String options = cpu.options() + (b.isHalf() ? " -DHALF" : "");
        int down = Math.ceilDiv(m, cpu.rows());
        int across = Math.ceilDiv(n, cpu.columns());
        // One b for the whole batch is packed once for each; that is rare enough.
        DeviceBuffer packedA =
                queue.temporary(Temporary.PACKED_LEFT, DataType.F32, (long) batch * down * cpu.rows() * Math.max(1, k));
        DeviceBuffer packedB = queue.temporary(
                Temporary.PACKED_RIGHT, DataType.F32, (long) batch * across * cpu.columns() * Math.max(1, k));
        pack("pack_a", options, packedA, a, batch, m, k, cpu.rows(), a.row(), a.column());
        pack("pack_b", options, packedB, b, batch, n, k, cpu.columns(), b.column(), b.row());
        int slices = Math.max(1, Math.ceilDiv(k, cpu.depth()));
        int depth = Math.ceilDiv(k, slices);
        for (int slice = 0; slice < slices; slice++) {
            int from = slice * depth;
            Arguments arguments = Arguments.of(m, n, k, from, Math.min(k, from + depth))
                    .and(c.buffer(), c.start(), c.batch(), c.row())
                    .and(packedA, packedB, add || slice > 0);
            queue.run(
                    CpuTiles.PROGRAM,
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
                CpuTiles.PROGRAM,
                options,
                kernel,
                new long[] {Math.ceilDiv(rows, width), Math.ceilDiv(columns, inPart), batch},
                new long[] {1, 1, 1},
                arguments.toArray());
    }
}
