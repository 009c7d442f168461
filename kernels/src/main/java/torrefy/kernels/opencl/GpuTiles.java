package torrefy.kernels.opencl;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The tiles of a product on a GPU: see `matmul_gpu.cl`.
///
/// A group computes a tile of the result from slices in local memory. The larger the tile, the less often an operand is
/// read from the device's memory; the larger an item's part of it, the less often from local memory. Both cost what
/// hides waiting: the more registers and local memory a group takes, the fewer groups are at work side by side.
///
/// @param tileRows of the result that a group computes
/// @param tileColumns of the result that a group computes
/// @param depth of a slice, a multiple of 4
/// @param rowsPerItem of the tile, a multiple of 4
/// @param columnsPerItem of the tile, a multiple of 4
record GpuTiles(int tileRows, int tileColumns, int depth, int rowsPerItem, int columnsPerItem) implements MatmulTiles {

    static final String PROGRAM = "matmul_gpu.cl";

    private static final Pattern LINE =
            Pattern.compile("(\\d{1,4}) x (\\d{1,4}), depth (\\d{1,3}), (\\d{1,3}) x (\\d{1,3}) each");

    /// More sums than that, and no GPU has the registers for them.
    private static final int MOST_SUMS = 128;

    /// @throws IllegalArgumentException if the sizes do not go into one another
    GpuTiles {
        requireDivides("rows", tileRows, rowsPerItem);
        requireDivides("columns", tileColumns, columnsPerItem);
        MatmulTiles.require(
                rowsPerItem * (long) columnsPerItem <= MOST_SUMS,
                "an item of %d x %d has more than %d sums, too many for registers",
                rowsPerItem,
                columnsPerItem,
                MOST_SUMS);
        MatmulTiles.require(depth >= 4 && depth % 4 == 0, "a slice's depth must be a multiple of 4, got %d", depth);
        int items = tileRows / rowsPerItem * (tileColumns / columnsPerItem);
        requireShared("rows", tileRows, depth, items);
        requireShared("columns", tileColumns, depth, items);
    }

    private static void requireDivides(String what, int ofTile, int ofItem) {
        MatmulTiles.require(
                ofItem >= 4 && ofItem % 4 == 0, "an item's %s must be a multiple of 4, got %d", what, ofItem);
        MatmulTiles.require(
                ofTile >= ofItem && ofTile % ofItem == 0,
                "a tile of %d %s is not to be cut into items of %d",
                ofTile,
                what,
                ofItem);
    }

    /// Every item brings equally many fours.
    private static void requireShared(String what, int ofTile, int depth, int items) {
        MatmulTiles.require(
                ofTile * (long) depth % (4L * items) == 0,
                "a slice of %d %s, %d deep, is not to be shared by %d items in fours",
                ofTile,
                what,
                depth,
                items);
    }

    /// Work-items of a group, one beside another.
    int itemsAcross() {
        return tileColumns / columnsPerItem;
    }

    /// Work-items of a group, one below another.
    int itemsDown() {
        return tileRows / rowsPerItem;
    }

    /// Work-items of a group.
    int items() {
        return itemsAcross() * itemsDown();
    }

    /// Of a group: two slices of each operand, with a gap of four floats in each row.
    long localBytes() {
        return 2L * depth * (tileRows + 4 + tileColumns + 4) * Float.BYTES;
    }

    @Override
    public String program() {
        return PROGRAM;
    }

    @Override
    public String options() {
        return "-DTILE_ROWS=" + tileRows + " -DTILE_COLUMNS=" + tileColumns + " -DDEPTH=" + depth + " -DEACH_ROWS="
                + rowsPerItem + " -DEACH_COLUMNS=" + columnsPerItem;
    }

    @Override
    public Optional<String> whyUnfit(Device device) {
        if (items() > device.largestGroup()) {
            return Optional.of(
                    "it takes groups of " + items() + " items, the device has at most " + device.largestGroup());
        }
        if (localBytes() > device.localMemory()) {
            return Optional.of(
                    "it takes " + localBytes() + " bytes of local memory, the device has " + device.localMemory());
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return tileRows + " x " + tileColumns + ", depth " + depth + ", " + rowsPerItem + " x " + columnsPerItem
                + " each";
    }

    static Optional<GpuTiles> parse(String line) {
        Matcher matcher = LINE.matcher(line.strip());
        try {
            return matcher.matches()
                    ? Optional.of(new GpuTiles(
                            Integer.parseInt(matcher.group(1)),
                            Integer.parseInt(matcher.group(2)),
                            Integer.parseInt(matcher.group(3)),
                            Integer.parseInt(matcher.group(4)),
                            Integer.parseInt(matcher.group(5))))
                    : Optional.empty();
        } catch (IllegalArgumentException spoilt) {
            return Optional.empty();
        }
    }
}
