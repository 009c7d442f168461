package torrefy.kernels.opencl;

import java.util.Optional;

/// In what tiles [OpenClMatmul] cuts a product: one record for each of its forms. They decide how fast it is and not a
/// bit of what comes out.
sealed interface MatmulTiles permits CpuTiles, GpuTiles {

    /// The file that the sizes are options of.
    String program();

    /// The sizes as options of the program.
    String options();

    /// Why the device cannot work with them, in one line; empty if it can, as far as can be told before trying.
    Optional<String> whyUnfit(Device device);

    /// For people, and for a file; see [#parse].
    @Override
    String toString();

    /// The tiles that were written down in `line`; empty if it says anything else.
    static Optional<MatmulTiles> parse(String line) {
        return CpuTiles.parse(line).<MatmulTiles>map(tiles -> tiles).or(() -> GpuTiles.parse(line));
    }

    /// Throws with `message` if it does not hold.
    static void require(boolean holds, String message, Object... facts) {
        if (!holds) {
            throw new IllegalArgumentException(String.format(message, facts));
        }
    }
}
