package torrefy.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheSizesTest {

    private static final CacheSizes ASSUMED = new CacheSizes(1 << 20, 16 << 20);

    @TempDir
    private Path folder;

    private void cache(int index, String level, String size) throws IOException {
        Path cache = Files.createDirectory(folder.resolve("index" + index));
        Files.writeString(cache.resolve("level"), level + "\n");
        Files.writeString(cache.resolve("size"), size + "\n");
    }

    @Test
    void sizesAreReadByLevel() throws IOException {
        cache(0, "1", "48K");
        cache(1, "1", "32K");
        cache(2, "2", "512K");
        cache(3, "3", "32M");
        assertEquals(new CacheSizes(512 << 10, 32 << 20), CacheSizes.read(folder));
    }

    @Test
    void whatIsNotToldIsAssumed() throws IOException {
        assertEquals(ASSUMED, CacheSizes.read(folder));
        cache(2, "2", "some");
        cache(3, "third", "32M");
        cache(4, "3", "");
        assertEquals(ASSUMED, CacheSizes.read(folder));
    }
}
