package torrefy.kernels.opencl;

import torrefy.core.backend.MatmulKernels;
import torrefy.core.memory.NdArray;

/// Matrix products of operands rounded to bfloat16, with sums in single precision, by an instruction that NVIDIA's GPUs
/// have: see `matmul_bf16_nvidia.cl`. Only for where [Bf16Door#NVIDIA] is open; elsewhere it does not build, or worse.
///
/// Only the emulation of it was ever run: the size of the tiles is not tuned.
final class Bf16NvidiaMatmul implements MatmulKernels {

    static final String PROGRAM = "matmul_bf16_nvidia.cl";

    private static final int LARGE = 128;
    private static final int SMALL = 64;
    private static final int ITEMS = 256;

    private final Queue queue;
    private final int enough;
    private final String options;

    Bf16NvidiaMatmul(Queue queue) {
        this(queue, queue.device().units(), "");
    }

    private Bf16NvidiaMatmul(Queue queue, int enough, String options) {
        this.queue = queue;
        this.enough = enough;
        this.options = options;
    }

    /// The same on any device, with its instructions written out in OpenCL C, to see whether all the rest is right.
    ///
    /// @param enough how many tiles keep a device busy: with fewer large ones, small ones are taken
    static Bf16NvidiaMatmul emulated(Queue queue, int enough) {
        return new Bf16NvidiaMatmul(queue, enough, " -DEMULATE");
    }

    @Override
    public void matmul(NdArray out, NdArray a, NdArray b, boolean accumulate) {
        MatmulOperand.each(
                out, a, b, (c, left, right, batch, m, n, k) -> multiply(c, left, right, batch, m, n, k, accumulate));
    }

    private void multiply(
            MatmulOperand c, MatmulOperand a, MatmulOperand b, int batch, int m, int n, int k, boolean add) {
        // Large tiles read the operands less often, if there are enough of them.
        int tile = tiles(m, n, batch, LARGE) >= enough ? LARGE : SMALL;
        Arguments arguments = Arguments.of(m, n, k)
                .and(c.buffer(), c.start(), c.batch(), c.row())
                .and(a.buffer(), a.start(), a.batch(), a.row(), a.column())
                .and(b.buffer(), b.start(), b.batch(), b.row(), b.column())
                .and(add);
        queue.run(
                PROGRAM,
                "-DTILE=" + tile + (b.isHalf() ? " -DHALF" : "") + options,
                "multiply",
                new long[] {(long) Math.ceilDiv(n, tile) * ITEMS, Math.ceilDiv(m, tile), batch},
                new long[] {ITEMS, 1, 1},
                arguments.toArray());
    }

    private static long tiles(int m, int n, int batch, int tile) {
        return (long) Math.ceilDiv(m, tile) * Math.ceilDiv(n, tile) * batch;
    }
}
