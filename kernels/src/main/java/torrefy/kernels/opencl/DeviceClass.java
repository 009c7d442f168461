package torrefy.kernels.opencl;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The table of sizes that only measuring can tell, by kind of device: what is known to suit, or taken from how such
/// devices are built. Of matrix products' tiles `tune` finds better ones on the device at hand: see [MatmulTuning].
enum DeviceClass {
    /// SSE, NEON.
    CPU_128_BITS(1024, 1, 16, new CpuTiles(4, 8, 256)),
    /// AVX2.
    CPU_256_BITS(1024, 1, 16, new CpuTiles(6, 16, 256)),
    /// AVX-512.
    CPU_512_BITS(1024, 1, 16, new CpuTiles(8, 48, 512)),
    NVIDIA_GPU(128, 128, 1, new GpuTiles(128, 128, 8, 8, 8)),
    AMD_GPU(64, 256, 1, new GpuTiles(64, 64, 16, 4, 4)),
    INTEL_GPU(64, 64, 1, new GpuTiles(64, 64, 8, 8, 4)),
    OTHER_GPU(64, 128, 1, new GpuTiles(64, 64, 16, 4, 4));

    /// Runs on every GPU that is suitable at all.
    private static final GpuTiles SMALL = new GpuTiles(32, 32, 8, 4, 4);

    private static final int[] DEPTHS = {128, 256, 512};

    private final int each;
    private final int rowGroup;
    private final int rowWidth;
    private final MatmulTiles tiles;

    /// @param each the work-items of a group in a kernel with an item for each element. A processor takes group after
    ///     group, and some time to begin one
    /// @param rowGroup work-items that share a row, a power of two
    /// @param rowWidth floats that an item of such a group takes at once
    DeviceClass(int each, int rowGroup, int rowWidth, MatmulTiles tiles) {
        this.each = each;
        this.rowGroup = rowGroup;
        this.rowWidth = rowWidth;
        this.tiles = tiles;
    }

    static DeviceClass of(Device device) {
        if (!device.isGpu()) {
            return device.vectorWidth() >= 16 ? CPU_512_BITS : device.vectorWidth() >= 8 ? CPU_256_BITS : CPU_128_BITS;
        }
        String vendor = device.vendor().toLowerCase(Locale.ROOT);
        return vendor.contains("nvidia")
                ? NVIDIA_GPU
                : vendor.contains("advanced micro") || vendor.contains("amd")
                        ? AMD_GPU
                        : vendor.contains("intel") ? INTEL_GPU : OTHER_GPU;
    }

    int each(Device device) {
        return (int) Math.min(each, device.largestGroup());
    }

    int rowGroup(Device device) {
        return (int) Math.min(rowGroup, Long.highestOneBit(device.largestGroup()));
    }

    int rowWidth() {
        return rowWidth;
    }

    /// What products are cut into as long as nothing was measured.
    MatmulTiles tiles(Device device) {
        return tiles.whyUnfit(device).isEmpty() ? tiles : SMALL;
    }

    /// What may be faster, [#tiles] first. Those that differ in depth alone stand together.
    List<MatmulTiles> candidates(Device device) {
        Stream<MatmulTiles> all = device.isGpu() ? gpuCandidates() : cpuCandidates(device);
        return Stream.concat(Stream.of(tiles(device)), all).distinct().toList();
    }

    /// Tiles that fill registers without overflowing them, be it 16 or 32.
    private static Stream<MatmulTiles> cpuCandidates(Device device) {
        int width = Math.clamp(device.vectorWidth(), 4, 16);
        return IntStream.of(4, 6, 8, 12, 14)
                .boxed()
                .flatMap(rows -> IntStream.rangeClosed(1, 4)
                        .filter(vectors -> rows * vectors >= 8 && rows * vectors <= 28)
                        .boxed()
                        .flatMap(vectors ->
                                IntStream.of(DEPTHS).mapToObj(depth -> new CpuTiles(rows, vectors * width, depth))));
    }

    /// Tiles of 64 to 256 items.
    private static Stream<MatmulTiles> gpuCandidates() {
        return Stream.of(
                        new int[] {32, 32, 4, 4},
                        new int[] {64, 64, 4, 4},
                        new int[] {64, 64, 8, 4},
                        new int[] {64, 64, 8, 8},
                        new int[] {128, 64, 8, 4},
                        new int[] {64, 128, 4, 8},
                        new int[] {128, 64, 8, 8},
                        new int[] {64, 128, 8, 8},
                        new int[] {128, 128, 8, 8})
                .flatMap(size -> IntStream.of(8, 16, 32)
                        .filter(depth ->
                                Math.min(size[0], size[1]) * depth % (4 * (size[0] / size[2]) * (size[1] / size[3]))
                                        == 0)
                        .mapToObj(depth -> new GpuTiles(size[0], size[1], depth, size[2], size[3])));
    }
}
