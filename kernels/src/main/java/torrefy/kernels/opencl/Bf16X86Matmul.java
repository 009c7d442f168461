package torrefy.kernels.opencl;

import torrefy.core.backend.MatmulKernels;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;

/// Matrix products of operands rounded to bfloat16, with sums in single precision, by an instruction that some x86
/// processors have: see `matmul_bf16_x86.cl`. Only for where [Bf16Door#X86] is open; elsewhere it kills the process.
final class Bf16X86Matmul implements MatmulKernels {

    static final String PROGRAM = "matmul_bf16_x86.cl";

    private static final int ROWS = 12;
    private static final int COLUMNS = 32;

    /// Terms of a sum that are added up at once, at most: a strip of the right operand is that long, and has to stay in
    /// the second-level cache. A multiple of what the program packs at once.
    private static final int SLICE = 2048;

    /// Terms that are packed at once.
    private static final int PACKED_TERMS = 32;

    /// Elements of the left operand that one work-item packs, about.
    private static final int PACKED_PIECE = 1 << 14;

    private final Queue queue;
    private final int slice;

    Bf16X86Matmul(Queue queue) {
        this.queue = queue;
        // Two bytes for each term of each column.
        long room = queue.device().localMemory() / (2 * COLUMNS) / PACKED_TERMS * PACKED_TERMS;
        this.slice = (int) Math.min(SLICE, room);
    }

    @Override
    public void matmul(NdArray out, NdArray a, NdArray b, boolean accumulate) {
        MatmulOperand.each(out, a, b, (c, left, right, batch, m, n, k) -> {
            int from = 0;
            do {
                int terms = Math.min(slice, k - from);
                multiply(
                        c,
                        left.from(from * left.column()),
                        right.from(from * right.row()),
                        batch,
                        m,
                        n,
                        terms,
                        accumulate || from > 0);
                from += terms;
            } while (from < k);
        });
    }

    private void multiply(
            MatmulOperand c, MatmulOperand a, MatmulOperand b, int batch, int m, int n, int k, boolean accumulate) {
        int down = Math.ceilDiv(m, ROWS);
        int across = Math.ceilDiv(n, COLUMNS);
        String options = b.isHalf() ? "-DHALF" : "";
        DeviceBuffer packed = queue.temporary(
                Temporary.PACKED_LEFT, DataType.F32, (long) batch * down * ROWS * Math.max(1, Math.ceilDiv(k, 2)));
        if (k > 0) {
            int inPart = PACKED_PIECE / ROWS / PACKED_TERMS * PACKED_TERMS;
            Arguments arguments =
                    Arguments.of(m, k, inPart, packed).and(a.buffer(), a.start(), a.batch(), a.row(), a.column());
            long[] items = {down, Math.ceilDiv(k, inPart), batch};
            queue.run(PROGRAM, options, "pack", items, ColumnStrips.ALONE, arguments.toArray());
        }
        ColumnStrips strips = ColumnStrips.of(queue.device(), across, down, batch);
        Arguments arguments = Arguments.of(m, n, k, strips.inPart())
                .and(c.buffer(), c.start(), c.batch(), c.row(), packed)
                .and(b.buffer(), b.start(), b.batch(), b.row(), b.column())
                .and(accumulate, new LocalMemory(2L * COLUMNS * Math.max(2, k + k % 2)));
        queue.run(PROGRAM, options, "multiply", strips.items(), ColumnStrips.ALONE, arguments.toArray());
    }
}
