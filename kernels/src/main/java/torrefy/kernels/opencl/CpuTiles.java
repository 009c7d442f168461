package torrefy.kernels.opencl;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The tiles of a product on a processor: see `matmul_cpu.cl`.
///
/// A tile's sums stay in registers: `rows · columns` divided by the numbers of a register, of which there are 16 or 32,
/// and one or two more are needed for the operands. The wider and higher, the more is computed for each number that is
/// read; beyond the registers' number it gets slow at once.
///
/// @param rows of the result that a work-item computes
/// @param columns of the result that a work-item computes, a multiple of 4
/// @param depth terms that are summed before the next tile's turn: `depth · columns` floats of the right operand are
///     used again for tile after tile and should stay in the second-level cache; the deeper, the less often the result
///     is read and written
record CpuTiles(int rows, int columns, int depth) implements MatmulTiles {

    static final String PROGRAM = "matmul_cpu.cl";

    private static final Pattern LINE = Pattern.compile("(\\d{1,3}) x (\\d{1,3}), depth (\\d{1,5})");

    /// Numbers of a vector; the compiler makes as many registers of it as it takes.
    private static final int[] LANES = {16, 8, 4};

    private static final int LARGEST = 1024;

    /// @throws IllegalArgumentException if no such tile can be computed
    CpuTiles {
        MatmulTiles.require(rows >= 1, "a tile needs a row at least, got %d", rows);
        MatmulTiles.require(
                columns >= 4 && columns % 4 == 0, "a tile's columns must be a multiple of 4, got %d", columns);
        MatmulTiles.require(
                rows * (long) columns <= LARGEST,
                "a tile of %d x %d has more than %d sums, too many for registers",
                rows,
                columns,
                LARGEST);
        MatmulTiles.require(depth >= 16, "a slice's depth must be at least 16, got %d", depth);
    }

    /// The depth, or what the device has local memory for, if that is less.
    int depth(Device device) {
        return (int) Math.min(depth, device.localMemory() / ((long) Float.BYTES * columns));
    }

    /// The most of 4, 8, 16 that fill the columns.
    private int lanes() {
        for (int lanes : LANES) {
            if (columns % lanes == 0) {
                return lanes;
            }
        }
        throw new AssertionError("no multiple of 4: " + columns);
    }

    @Override
    public String program() {
        return PROGRAM;
    }

    /// The depth is none: the host cuts the slices.
    @Override
    public String options() {
        return "-DROWS=" + rows + " -DCOLUMNS=" + columns + " -DLANES=" + lanes();
    }

    @Override
    public Optional<String> whyUnfit(Device device) {
        return Optional.empty();
    }

    @Override
    public String toString() {
        return rows + " x " + columns + ", depth " + depth;
    }

    static Optional<CpuTiles> parse(String line) {
        Matcher matcher = LINE.matcher(line.strip());
        try {
            return matcher.matches()
                    ? Optional.of(new CpuTiles(
                            Integer.parseInt(matcher.group(1)),
                            Integer.parseInt(matcher.group(2)),
                            Integer.parseInt(matcher.group(3))))
                    : Optional.empty();
        } catch (IllegalArgumentException spoilt) {
            return Optional.empty();
        }
    }
}
