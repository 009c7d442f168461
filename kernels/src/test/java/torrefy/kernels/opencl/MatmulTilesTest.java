package torrefy.kernels.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MatmulTilesTest {

    /// A device that nobody can reach.
    private static Device device(boolean isGpu, String vendor, int vectorWidth, long localMemory, long largestGroup) {
        long gigabyte = 1L << 30;
        return new Device(
                1 << 20,
                "abacus",
                "platform",
                vendor,
                "OpenCL 3.0",
                "1",
                isGpu,
                2,
                gigabyte,
                gigabyte,
                localMemory,
                largestGroup,
                vectorWidth,
                true,
                true,
                true,
                true,
                null,
                null);
    }

    private static Device gpu(String vendor) {
        return device(true, vendor, 1, 48 << 10, 1024);
    }

    private static void assertRefused(String message, Runnable tiles) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, tiles::run).getMessage());
    }

    @Test
    void tilesThatNoProgramCanComputeAreRefused() {
        assertRefused("a tile needs a row at least, got 0", () -> new CpuTiles(0, 32, 256));
        assertRefused("a tile's columns must be a multiple of 4, got 30", () -> new CpuTiles(8, 30, 256));
        assertRefused(
                "a tile of 64 x 64 has more than 1024 sums, too many for registers", () -> new CpuTiles(64, 64, 256));
        assertRefused("a slice's depth must be at least 16, got 0", () -> new CpuTiles(8, 32, 0));
        assertRefused("an item's rows must be a multiple of 4, got 2", () -> new GpuTiles(64, 64, 16, 2, 4));
        assertRefused("a tile of 60 columns is not to be cut into items of 8", () -> new GpuTiles(64, 60, 16, 4, 8));
        assertRefused(
                "an item of 16 x 16 has more than 128 sums, too many for registers",
                () -> new GpuTiles(64, 64, 16, 16, 16));
        assertRefused("a slice's depth must be a multiple of 4, got 6", () -> new GpuTiles(64, 64, 6, 4, 4));
        assertRefused(
                "a slice of 64 rows, 8 deep, is not to be shared by 256 items in fours",
                () -> new GpuTiles(64, 64, 8, 4, 4));
    }

    @Test
    void tilesTooLargeForADeviceSayWhatItHas() {
        GpuTiles tiles = new GpuTiles(128, 128, 16, 8, 8);
        assertEquals(Optional.empty(), tiles.whyUnfit(gpu("any")));
        assertEquals(
                Optional.of("it takes groups of 256 items, the device has at most 128"),
                tiles.whyUnfit(device(true, "any", 1, 48 << 10, 128)));
        assertEquals(
                Optional.of("it takes 33792 bytes of local memory, the device has 32768"),
                tiles.whyUnfit(device(true, "any", 1, 32 << 10, 1024)));
    }

    @Test
    void everyKindOfDeviceHasItsRowOfTheTable() {
        assertEquals(DeviceClass.CPU_128_BITS, DeviceClass.of(device(false, "any", 4, 1 << 16, 4096)));
        assertEquals(DeviceClass.CPU_256_BITS, DeviceClass.of(device(false, "any", 8, 1 << 16, 4096)));
        assertEquals(DeviceClass.CPU_512_BITS, DeviceClass.of(device(false, "any", 16, 1 << 16, 4096)));
        assertEquals(DeviceClass.NVIDIA_GPU, DeviceClass.of(gpu("NVIDIA Corporation")));
        assertEquals(DeviceClass.AMD_GPU, DeviceClass.of(gpu("Advanced Micro Devices, Inc.")));
        assertEquals(DeviceClass.INTEL_GPU, DeviceClass.of(gpu("Intel(R) Corporation")));
        assertEquals(DeviceClass.OTHER_GPU, DeviceClass.of(gpu("Mesa")));
    }

    /// The least that [Device#whyUnsuitable] lets through.
    @Test
    void theLeastDeviceHasTilesAndGroupsThatFitIt() {
        for (String vendor : List.of("NVIDIA Corporation", "AMD", "Intel", "any")) {
            Device least = device(true, vendor, 1, 16 << 10, 64);
            DeviceClass kind = DeviceClass.of(least);
            assertEquals(Optional.empty(), least.whyUnsuitable());
            assertEquals(Optional.empty(), kind.tiles(least).whyUnfit(least));
            assertEquals(64, kind.rowGroup(least));
            assertTrue(kind.each(least) <= 64);
        }
    }

    @Test
    void theStandardIsTheFirstOfAFewDozenCandidates() {
        for (Device device : List.of(
                gpu("NVIDIA Corporation"),
                gpu("any"),
                device(false, "any", 4, 1 << 16, 4096),
                device(false, "any", 8, 1 << 16, 4096),
                device(false, "any", 16, 1 << 16, 4096))) {
            DeviceClass kind = DeviceClass.of(device);
            List<MatmulTiles> candidates = kind.candidates(device);
            assertEquals(kind.tiles(device), candidates.get(0));
            assertEquals(candidates.size(), candidates.stream().distinct().count());
            assertTrue(candidates.size() >= 12 && candidates.size() <= 60, candidates.toString());
        }
    }

    @Test
    void whatIsWrittenDownIsReadAgainAndAnythingElseIsNot() {
        for (MatmulTiles tiles : List.of(new CpuTiles(12, 32, 384), new GpuTiles(128, 64, 16, 8, 4))) {
            assertEquals(Optional.of(tiles), MatmulTiles.parse(tiles + "\n"));
        }
        for (String line : List.of(
                "",
                "12",
                "0 x 32, depth 256",
                "12 x 33, depth 256",
                "99999999999 x 32, depth 256",
                "12 x 32, depth 384 each",
                "12 x 32, depth 384\n12 x 32, depth 384",
                "64 x 64, depth 8, 4 x 4 each",
                "64 x 64, depth 16, 0 x 4 each")) {
            assertEquals(Optional.empty(), MatmulTiles.parse(line), line);
        }
    }
}
