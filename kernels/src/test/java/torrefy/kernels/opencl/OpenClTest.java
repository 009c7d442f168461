package torrefy.kernels.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import torrefy.core.backend.BackendSettings;
import torrefy.core.backend.MatmulKernels;
import torrefy.core.backend.Precision;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.memory.OutOfMemoryException;
import torrefy.core.shape.Shape;

/// What can go wrong on a device, and what the user is told.
class OpenClTest {

    private final OpenClBackendProvider provider = new OpenClBackendProvider();

    @TempDir
    private Path folder;

    @BeforeEach
    void requireDevice() {
        RequiredDevice.orSkip();
    }

    private static Device device() {
        return Devices.suitable().get(0);
    }

    @Test
    void aDeviceNumberOutOfRangeIsAnsweredWithThoseThereAre() {
        for (String number : List.of("-1", "99", "one")) {
            String message = assertThrows(
                            IllegalArgumentException.class,
                            () -> provider.create(new BackendSettings(1, number, Precision.F32)))
                    .getMessage();
            assertTrue(message.startsWith("there is no OpenCL device " + number + "; there are: 0 "), message);
            assertEquals(1, message.lines().count());
        }
    }

    /// A device as the first suitable one, but for its limits.
    private static Device device(String version, long largestBuffer, long localMemory, long group, boolean compiler) {
        Device d = device();
        return new Device(
                d.index(),
                d.name(),
                d.platformName(),
                d.vendor(),
                version,
                d.driver(),
                d.isGpu(),
                d.units(),
                d.memory(),
                largestBuffer,
                localMemory,
                group,
                d.vectorWidth(),
                true,
                compiler,
                true,
                d.hasDoubles(),
                d.platform(),
                d.id());
    }

    @Test
    void aDeviceWithoutTheNeededLimitsSaysWhichOneItLacks() {
        String version = "OpenCL 1.2 x";
        long enough = 1 << 30;
        assertEquals(
                Optional.empty(), device(version, enough, enough, enough, true).whyUnsuitable());
        assertEquals(
                "its driver has no compiler for OpenCL C",
                device(version, enough, enough, enough, false).whyUnsuitable().orElseThrow());
        assertEquals(
                "it offers OpenCL 1.1 x, needed is OpenCL 1.2",
                device("OpenCL 1.1 x", enough, enough, enough, true)
                        .whyUnsuitable()
                        .orElseThrow());
        assertEquals(
                "it has 1024 bytes of local memory, needed are 16384",
                device(version, enough, 1024, enough, true).whyUnsuitable().orElseThrow());
        assertEquals(
                "its work-groups have at most 1 items, needed are 64",
                device(version, enough, enough, 1, true).whyUnsuitable().orElseThrow());
        assertEquals(
                "its buffers have at most 100 bytes, needed are 16777216",
                device(version, 100, enough, enough, true).whyUnsuitable().orElseThrow());
    }

    @Test
    void aSourceThatDoesNotBuildShowsTheCompilersWords() {
        try (Queue queue = new Queue(device(), new ProgramCache(null))) {
            String message = assertThrows(
                            IllegalStateException.class,
                            () -> queue.each("does-not-build.cl", "", "broken", 1, Arguments.of()))
                    .getMessage();
            assertTrue(message.contains("does-not-build.cl does not build on " + device().name()), message);
            assertTrue(message.contains("nobody_declared_this"), message);
        }
    }

    @Test
    void aBufferLargerThanTheLargestIsRefused() {
        try (Queue queue = new Queue(device("OpenCL 1.2", 32 << 20, 1 << 20, 64, true), new ProgramCache(null))) {
            String message = assertThrows(OutOfMemoryException.class, () -> queue.allocate(DataType.F32, 10 << 20))
                    .getMessage();
            assertEquals(
                    "a buffer of 40 MB is larger than the largest that the OpenCL device " + device().name()
                            + " allocates, 32 MB; make the model, the batch or the vocabulary smaller",
                    message);
        }
    }

    @Test
    void aClosedBackendRefusesWork() {
        OpenClBackend backend = new OpenClBackend(device(), 1);
        NdArray array = NdArray.of(backend.upload(new float[] {1, 2}), Shape.of(2));
        assertTrue(backend.allocatedBytes() >= 8);
        backend.close();
        backend.close();
        assertEquals(0, backend.allocatedBytes());
        assertTrue(assertThrows(
                        IllegalStateException.class, () -> backend.elementwise().fill(array, 1))
                .getMessage()
                .contains("closed"));
        assertThrows(IllegalStateException.class, backend::finish);
        assertTrue(assertThrows(IllegalStateException.class, () -> backend.allocate(DataType.F32, 1))
                .getMessage()
                .contains("closed"));
        assertTrue(assertThrows(IllegalStateException.class, () -> backend.download(array, new float[2], 0))
                .getMessage()
                .contains("closed"));
    }

    @Test
    void anArrayOfTheHeapIsRefused() {
        try (OpenClBackend backend = new OpenClBackend(device(), 1)) {
            NdArray here = NdArray.of(new float[2], 2);
            assertTrue(assertThrows(
                            IllegalArgumentException.class,
                            () -> backend.elementwise().fill(here, 1))
                    .getMessage()
                    .contains("HostFloats"));
        }
    }

    /// One number, stretched: packed it is eight rows of it, 2³¹ numbers.
    @Test
    void aProductThatCannotBePackedIsRefused() {
        try (Queue queue = new Queue(device())) {
            NdArray one = NdArray.of(queue.allocate(DataType.F32, 1), Shape.of(1, 1));
            NdArray row = one.with(one.layout().broadcastTo(Shape.of(1, 1 << 28)));
            NdArray column = one.with(one.layout().broadcastTo(Shape.of(1 << 28, 1)));
            NdArray out = NdArray.of(queue.allocate(DataType.F32, 1), Shape.of(1, 1));
            MatmulKernels kernels = new OpenClMatmul(queue, new CpuTiles(8, 32, 256));
            String message = assertThrows(OutOfMemoryException.class, () -> kernels.matmul(out, row, column, false))
                    .getMessage();
            assertTrue(message.startsWith("a kernel needs room for 2147483648 elements at once"), message);
        }
    }

    @Test
    void memoryNobodyHoldsGoesBack() {
        try (OpenClBackend backend = new OpenClBackend(device(), 1)) {
            for (int i = 0; i < 200; i++) {
                backend.allocate(DataType.F32, 1 << 20);
                if (i % 20 == 0) {
                    System.gc();
                }
            }
            for (int i = 0; i < 100 && backend.allocatedBytes() > 400 << 20; i++) {
                System.gc();
                Thread.onSpinWait();
            }
            assertTrue(backend.allocatedBytes() < 800 << 20, backend.allocatedBytes() + " bytes are held");
        }
    }

    /// Fills an array on the device, with programs from and for `cache`.
    private static void compute(ProgramCache cache) {
        try (Queue queue = new Queue(device(), cache)) {
            NdArray array = NdArray.of(queue.allocate(DataType.F32, 3), Shape.of(3));
            new OpenClElementwise(queue).fill(array, 7);
            float[] read = new float[3];
            queue.download(array, read, 0);
            assertArrayEquals(new float[] {7, 7, 7}, read);
        }
    }

    private List<Path> files() throws IOException {
        try (var files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void aProgramIsKeptAndADamagedOrForeignOneBuiltAgain() throws IOException {
        compute(new ProgramCache(folder));
        Path kept = files().get(0);
        byte[] good = Files.readAllBytes(kept);
        compute(new ProgramCache(folder));
        assertEquals(List.of(kept), files());

        byte[] damaged = good.clone();
        damaged[good.length / 2] ^= 1;
        for (byte[] bad : new byte[][] {{}, {1, 2, 3}, damaged}) {
            Files.write(kept, bad);
            assertFalse(
                    new ProgramCache(folder).load(kept.getFileName().toString()).isPresent());
            compute(new ProgramCache(folder));
            assertTrue(
                    new ProgramCache(folder).load(kept.getFileName().toString()).isPresent());
        }
        // Whole, but nothing that this driver made.
        new ProgramCache(folder).save(kept.getFileName().toString(), "not a program".getBytes());
        compute(new ProgramCache(folder));
    }

    @Test
    void aFolderThatCannotBeWrittenCostsOnlyTheCache() throws IOException {
        Path file = Files.createFile(folder.resolve("a file, no folder"));
        compute(new ProgramCache(file));
        compute(new ProgramCache(null));
    }
}
