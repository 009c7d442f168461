package torrefy.kernels.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import torrefy.core.backend.BackendSettings;
import torrefy.core.backend.MatmulKernels;
import torrefy.core.backend.Precision;
import torrefy.core.backend.Tuning;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;

/// Tuning on the first OpenCL device, whatever it is, in both forms.
class MatmulTuningTest {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final List<TimedProduct.Sizes> PRODUCTS = List.of(new TimedProduct.Sizes(16, 24, 8, true, false));
    private static final CpuTiles NARROW = new CpuTiles(4, 8, 16);
    private static final CpuTiles WIDE = new CpuTiles(6, 32, 64);

    /// High and flat, of every width of a vector, with an odd number of vectors, and one that no registers hold.
    private static final List<MatmulTiles> CPU_TILES =
            List.of(NARROW, WIDE, new CpuTiles(1, 12, 100), new CpuTiles(14, 48, 256), new CpuTiles(7, 40, 1024));

    /// Square and not, with one four for each item or more. Each costs the compiler seconds.
    private static final List<MatmulTiles> GPU_TILES =
            List.of(new GpuTiles(32, 32, 8, 4, 4), new GpuTiles(16, 64, 4, 4, 16), new GpuTiles(128, 64, 16, 8, 8));

    private final OpenClBackendProvider provider = new OpenClBackendProvider();

    @TempDir
    private Path folder;

    @BeforeEach
    void requireDevice() {
        RequiredDevice.orSkip();
    }

    private static Device device(boolean asGpu) {
        return Devices.suitable().get(0).takenForGpu(asGpu);
    }

    private static Device device() {
        return device(false);
    }

    /// Whole numbers to the bit. Fractions round differently with the depth of slices: a sum of 270 terms up to 1 is up
    /// to 16, and is rounded some √270 = 16 times its last place away.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tilesOfAnySizeMultiplyRight(boolean asGpu) {
        Device device = device(asGpu);
        try (Queue queue = new Queue(device)) {
            List<ProductCheck> checks = List.of(
                    new ProductCheck(queue, 140, 148, 532),
                    new ProductCheck(queue, 31, 13, 137),
                    new ProductCheck(queue, 1, 1, 1),
                    new ProductCheck(queue, 3, 5, 0));
            NdArray a = fractions(queue, 7, 270);
            NdArray b = fractions(queue, 270, 67);
            float[] first = null;
            for (MatmulTiles tiles : asGpu ? GPU_TILES : CPU_TILES) {
                MatmulKernels kernels = new OpenClMatmul(queue, tiles);
                for (ProductCheck check : checks) {
                    assertTrue(check.passes(kernels), tiles.toString());
                }
                NdArray out = fractions(queue, 7, 67);
                kernels.matmul(out, a, b, true);
                float[] got = new float[7 * 67];
                queue.download(out, got, 0);
                first = first == null ? got : first;
                assertArrayEquals(first, got, 16 * 16 * 0x1p-24f, tiles.toString());
            }
        }
    }

    private static NdArray fractions(Queue queue, int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(i);
        }
        DeviceBuffer buffer = queue.allocate(DataType.F32, values.length);
        queue.upload(buffer, values);
        return NdArray.of(buffer, Shape.of(rows, columns));
    }

    @Test
    void theFastestIsKeptAndANewBackendTakesIt() throws IOException {
        TunedTiles kept = new TunedTiles(folder);
        List<Tuning.Candidate> heard = new ArrayList<>();
        Tuning tuning = new MatmulTuning(device(), List.of(NARROW, WIDE), PRODUCTS, LONG).run(kept, heard::add);

        assertEquals(
                List.of(NARROW.toString(), WIDE.toString()),
                heard.stream().map(Tuning.Candidate::name).toList());
        assertEquals(NARROW.toString(), tuning.standard().name());
        assertTrue(
                tuning.fastest().rate() >= tuning.standard().rate()
                        && tuning.standard().rate() > 0,
                tuning.toString());
        Path file = tuning.keptAt().orElseThrow();
        assertEquals(folder, file.getParent());
        assertEquals(tuning.fastest().name(), Files.readString(file).strip());
        assertEquals(
                tuning.fastest().name(), new TunedTiles(folder).tiles(device()).toString());

        kept.keep(device(), WIDE);
        try (OpenClBackend backend = new OpenClBackend(device(), 1, Precision.F32, new TunedTiles(folder))) {
            assertTrue(
                    backend.description().endsWith("products in tiles of " + WIDE + ", tuned"), backend.description());
            assertTrue(new ProductCheck(backend.queue(), 31, 13, 137).passes(backend.matmul()));
        }
    }

    @Test
    void aFileThatIsSpoiltOrOfAnotherFormIsLikeNone() throws IOException {
        TunedTiles tuned = new TunedTiles(folder);
        MatmulTiles standard = DeviceClass.of(device()).tiles(device());
        assertEquals(standard, tuned.tiles(device()));
        Path file = tuned.keep(device(), WIDE).orElseThrow();
        assertEquals(WIDE, tuned.tiles(device()));
        for (String spoilt : List.of("", "6 x 32", "0 x 32, depth 64", "64 x 64, depth 16, 4 x 4 each")) {
            Files.writeString(file, spoilt);
            assertEquals(standard, tuned.tiles(device()), spoilt);
        }
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertEquals(standard, tuned.tiles(device()));
    }

    @Test
    void oneFormsTilesAreNotTheOthers() {
        TunedTiles tuned = new TunedTiles(folder);
        GpuTiles small = new GpuTiles(32, 32, 8, 4, 4);
        tuned.keep(device(true), small);
        assertEquals(small, tuned.tiles(device(true)));
        assertEquals(DeviceClass.of(device()).tiles(device()), tuned.tiles(device()));
    }

    @Test
    void whereNothingCanBeKeptTheResultSaysSo() throws IOException {
        Path file = Files.createFile(folder.resolve("a file, no folder"));
        for (TunedTiles nowhere : List.of(new TunedTiles(null), new TunedTiles(file))) {
            MatmulTuning tuning = new MatmulTuning(device(), List.of(NARROW), PRODUCTS, LONG);
            assertEquals(Optional.empty(), tuning.run(nowhere, heard -> {}).keptAt());
            assertEquals(DeviceClass.of(device()).tiles(device()), nowhere.tiles(device()));
        }
    }

    @Test
    void aCandidateThatCannotBeTriedIsSkippedWithTheReason() {
        long most = device().largestGroup();
        int tile = 4;
        while ((long) tile / 4 * (tile / 4) <= most) {
            tile *= 2;
        }
        GpuTiles huge = new GpuTiles(tile, tile, tile, 4, 4);
        List<Tuning.Candidate> heard = new ArrayList<>();
        Tuning tuning = new MatmulTuning(device(), List.of(NARROW, huge), PRODUCTS, LONG)
                .run(new TunedTiles(folder), heard::add);
        assertEquals(
                Optional.of("it takes groups of " + huge.items() + " items, the device has at most " + most),
                heard.get(1).whySkipped());
        assertEquals(NARROW.toString(), tuning.fastest().name());
        assertEquals(
                "no tiles of matrix products work on " + device().name() + ": there was no time left",
                assertThrows(
                                IllegalStateException.class,
                                () -> new MatmulTuning(device(), List.of(WIDE), PRODUCTS, Duration.ofNanos(-1))
                                        .run(new TunedTiles(folder), heard::add))
                        .getMessage());
    }

    @Test
    void productsInBfloat16HaveNothingToTune() {
        BackendSettings settings = new BackendSettings(1, null, Precision.BF16);
        assertEquals(
                "the opencl backend tunes products in F32 only, those in BF16 have nothing to tune",
                assertThrows(IllegalArgumentException.class, () -> provider.tune(settings, heard -> {}))
                        .getMessage());
    }
}
