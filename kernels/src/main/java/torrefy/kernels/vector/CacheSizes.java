package torrefy.kernels.vector;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The caches of the processor, from which block sizes follow. They decide how fast a product is, never its bits.
///
/// Linux tells them in `/sys/devices/system/cpu/cpu0/cache`; some virtual machines and other systems do not. Then they
/// are taken to be those of a middling processor.
///
/// @param second bytes of the second-level cache, which a core has to itself
/// @param third bytes of the third-level cache, which cores share
record CacheSizes(int second, int third) {

    private static final CacheSizes ASSUMED = new CacheSizes(1 << 20, 16 << 20);

    /// Those of this machine.
    static final CacheSizes HERE = read(Path.of("/sys/devices/system/cpu/cpu0/cache"));

    /// What the files of that folder say; what they do not say is assumed.
    static CacheSizes read(Path folder) {
        int[] bytes = {0, 0, ASSUMED.second, ASSUMED.third};
        for (int index = 0; index < 8; index++) {
            Path cache = folder.resolve("index" + index);
            try {
                int level = Integer.parseInt(
                        Files.readString(cache.resolve("level")).strip());
                if (level >= 2 && level <= 3) {
                    bytes[level] = bytes(Files.readString(cache.resolve("size")).strip());
                }
            } catch (IOException | IllegalArgumentException e) {
                // Not there, or not in this form: the assumption stands.
                continue;
            }
        }
        return new CacheSizes(bytes[2], bytes[3]);
    }

    /// `32K` and `1M` as numbers of bytes.
    private static int bytes(String size) {
        long unit = size.endsWith("K") ? 1 << 10 : size.endsWith("M") ? 1 << 20 : 0;
        if (unit == 0) {
            throw new IllegalArgumentException("not the size of a cache: '" + size + "'");
        }
        long number = Integer.parseInt(size.substring(0, size.length() - 1));
        return Math.clamp(number * unit, 0, Integer.MAX_VALUE);
    }
}
