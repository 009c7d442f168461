package torrefy.kernels.opencl;

import torrefy.core.backend.MatmulKernels;
import torrefy.core.memory.NdArray;

/// Matrix products in two forms: packed register tiles where the device is a processor, see `matmul_cpu.cl`, and tiles
/// in local memory where it is a GPU, see `matmul_gpu.cl`.
final class OpenClMatmul implements MatmulKernels {

    private static final int ROWS = 8;
    private static final int COLUMNS = 32;
    private static final int TILE = 64;
    private static final int SIDE = 16;

    private final Queue queue;
    private final boolean isForGpu;
    private final PackedMatmul packed;

    OpenClMatmul(Queue queue) {
        this(queue, queue.device().isGpu());
    }

    /// @param isForGpu which form; both run on every device
    OpenClMatmul(Queue queue, boolean isForGpu) {
        this.queue = queue;
        this.isForGpu = isForGpu;
        this.packed = new PackedMatmul(queue, "matmul_cpu.cl", ROWS, COLUMNS, 1);
    }

    @Override
    public void matmul(NdArray out, NdArray a, NdArray b, boolean accumulate) {
        MatmulOperand.each(out, a, b, (c, left, right, batch, m, n, k) -> {
            if (isForGpu) {
                multiplyTiles(c, left, right, batch, m, n, k, accumulate);
            } else {
                packed.multiply(c, left, right, batch, m, n, k, accumulate);
            }
        });
    }

    private void multiplyTiles(
            MatmulOperand c, MatmulOperand a, MatmulOperand b, int batch, int m, int n, int k, boolean add) {
        Arguments arguments = Arguments.of(m, n, k)
                .and(c.buffer(), c.start(), c.batch(), c.row())
                .and(a.buffer(), a.start(), a.batch(), a.row(), a.column())
                .and(b.buffer(), b.start(), b.batch(), b.row(), b.column())
                .and(add);
        queue.run(
                "matmul_gpu.cl",
                b.isHalf() ? "-DHALF" : "",
                "multiply",
                new long[] {(long) Math.ceilDiv(n, TILE) * SIDE, (long) Math.ceilDiv(m, TILE) * SIDE, batch},
                new long[] {SIDE, SIDE, 1},
                arguments.toArray());
    }
}
