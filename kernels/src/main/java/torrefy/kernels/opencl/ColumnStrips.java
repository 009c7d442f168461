package torrefy.kernels.opencl;

/// How the tiles of a product are divided among work-items that pack the strip of the right operand they need
/// themselves, each alone in its group: `matmul_cpu.cl` and `matmul_bf16_x86.cl`.
///
/// @param items strips across, parts of a strip, members of the batch
/// @param inPart tiles below one another that one item computes with its strip
record ColumnStrips(long[] items, int inPart) {

    /// The size of each group.
    static final long[] ALONE = {1, 1, 1};

    /// Tiles below one another for which it is worth while to pack a strip.
    private static final int LEAST_TILES = 16;

    /// Items wanted for each of the device's units, so that none is idle for long at the end.
    private static final int ITEMS = 8;

    /// @param across tiles of a result side by side
    /// @param down tiles of a result below one another
    static ColumnStrips of(Device device, int across, int down, int batch) {
        int parts = Math.clamp(
                Math.ceilDiv(ITEMS * device.units(), across * (long) batch), 1, Math.ceilDiv(down, LEAST_TILES));
        int inPart = Math.ceilDiv(down, parts);
        return new ColumnStrips(new long[] {across, Math.ceilDiv(down, inPart), batch}, inPart);
    }
}
