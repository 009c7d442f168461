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
        DeviceBuffer packed =
                queue.temporary(Temporary.PACKED_LEFT, DataType.F32, (long) batch * down * cpu.rows() * Math.max(1, k));
        if (k > 0) {
            int columns = Math.max(16, PACKED_PIECE / cpu.rows() / 16 * 16);
            Arguments arguments =
                    Arguments.of(m, k, columns, packed).and(a.buffer(), a.start(), a.batch(), a.row(), a.column());
            long[] pieces = {down, Math.ceilDiv(k, columns), batch};
            queue.run(CpuTiles.PROGRAM, options, "pack", pieces, ColumnStrips.ALONE, arguments.toArray());
        }
        int slices = Math.max(1, Math.ceilDiv(k, cpu.depth(queue.device())));
        int depth = Math.max(1, Math.ceilDiv(k, slices));
        ColumnStrips strips = ColumnStrips.of(queue.device(), across, down, batch);
        for (int slice = 0; slice < slices; slice++) {
            int from = slice * depth;
            Arguments arguments = Arguments.of(m, n, k, from, Math.min(k, from + depth), strips.inPart())
                    .and(c.buffer(), c.start(), c.batch(), c.row(), packed)
                    .and(b.buffer(), b.start(), b.batch(), b.row(), b.column())
                    .and(add || slice > 0, new LocalMemory((long) Float.BYTES * cpu.columns() * depth));
            queue.run(CpuTiles.PROGRAM, options, "multiply", strips.items(), ColumnStrips.ALONE, arguments.toArray());
        }
    }
}
