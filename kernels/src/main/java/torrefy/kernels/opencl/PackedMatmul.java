package torrefy.kernels.opencl;

import torrefy.core.memory.DataType;

/// Matrix products on a processor: a program packs both operands in the order in which it reads them, as strips of
/// `rows` rows and strips of `columns` columns, and computes tiles of that size. See `matmul_cpu.cl` and
/// `matmul_bf16_x86.cl`.
///
/// @param terms neighbouring terms of a sum that stand in one packed word of four bytes: one number of single
///     precision, or two bfloat16 numbers
record PackedMatmul(Queue queue, String program, int rows, int columns, int terms) {

    /// Elements that one work-item packs, about.
    private static final int PACKED_PIECE = 1 << 14;

    /// Columns that the programs pack at once.
    private static final int PACKED_COLUMNS = 32;

    private static final long[] SINGLE = {1, 1, 1};

    void multiply(
            MatmulOperand c, MatmulOperand a, MatmulOperand b, int batch, int m, int n, int k, boolean accumulate) {
        String options = b.isHalf() ? "-DHALF" : "";
        int down = Math.ceilDiv(m, rows);
        int across = Math.ceilDiv(n, columns);
        int words = Math.max(1, Math.ceilDiv(k, terms));
        // One b for the whole batch is packed once for each; that is rare enough.
        DeviceBuffer packedA = queue.temporary(3, DataType.F32, batch * down * rows * words);
        DeviceBuffer packedB = queue.temporary(4, DataType.F32, batch * across * columns * words);
        pack("pack_a", options, packedA, a, batch, m, k, rows, a.row(), a.column());
        pack("pack_b", options, packedB, b, batch, n, k, columns, b.column(), b.row());
        Arguments arguments = Arguments.of(m, n, k)
                .and(c.buffer(), c.start(), c.batch(), c.row())
                .and(packedA, packedB, accumulate);
        queue.run(program, options, "multiply", new long[] {down, across, batch}, SINGLE, arguments.toArray());
    }

    private void pack(
            String kernel,
            String options,
            DeviceBuffer packed,
            MatmulOperand operand,
            int batch,
            int length,
            int k,
            int width,
            int row,
            int column) {
        if (k == 0) {
            return;
        }
        int inPart = Math.max(PACKED_COLUMNS, PACKED_PIECE / width / PACKED_COLUMNS * PACKED_COLUMNS);
        long[] items = {Math.ceilDiv(length, width), Math.ceilDiv(k, inPart), batch};
        Arguments arguments = Arguments.of(length, k, inPart, packed)
                .and(operand.buffer(), operand.start(), operand.batch(), row, column);
        queue.run(program, options, kernel, items, SINGLE, arguments.toArray());
    }
}
