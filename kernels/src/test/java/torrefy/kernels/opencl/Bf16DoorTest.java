package torrefy.kernels.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.Precision;

class Bf16DoorTest {

    /// A device that nobody can reach.
    private static Device device(boolean isGpu, String name) {
        long gigabyte = 1L << 30;
        return new Device(
                1 << 20,
                name,
                "platform",
                "vendor",
                "OpenCL 3.0",
                "1",
                isGpu,
                2,
                gigabyte,
                gigabyte,
                1 << 16,
                1 << 10,
                16,
                true,
                true,
                true,
                true,
                null,
                null);
    }

    /// An open door of this machine's first device.
    private static Device deviceWithAnOpenDoor() {
        Optional<String> reason = new OpenClBackendProvider().whyUnavailable();
        assumeTrue(reason.isEmpty(), () -> "no OpenCL device: " + reason.get());
        Device device = Devices.suitable().get(0);
        Optional<String> closed = Bf16Door.whyClosed(device);
        assumeTrue(closed.isEmpty(), () -> "the door of " + device.name() + " is closed: " + closed.get());
        return device;
    }

    private static Trial trial(Bf16Door door, Device device, String name) {
        List<String> arguments = List.of(door.name(), String.valueOf(device.index()), name);
        return new Trial(Bf16Trial.class, arguments, Duration.ofSeconds(60));
    }

    @Test
    void anyGpuMayHaveNvidiasDoorWhateverItIsCalled() {
        assertEquals(Optional.of(Bf16Door.NVIDIA), Bf16Door.of(device(true, "abacus")));
    }

    @Test
    void nvidiasDoorIsClosedWhereTheCompilerDoesNotKnowTheAssembly() {
        Optional<String> reason = new OpenClBackendProvider().whyUnavailable();
        assumeTrue(reason.isEmpty(), () -> "no OpenCL device: " + reason.get());
        Optional<Device> processor =
                Devices.suitable().stream().filter(device -> !device.isGpu()).findFirst();
        assumeTrue(processor.isPresent(), "there are only GPUs");
        Device device = processor.get();
        Optional<String> closed =
                trial(Bf16Door.NVIDIA, device, device.name()).verdict().whyClosed();
        assertTrue(closed.isPresent(), "a processor has no tensor cores");
        assertTrue(closed.get().length() < 500, "a line to be read: " + closed.get());
    }

    @Test
    void anotherTrialFindsTheSame() {
        Device device = deviceWithAnOpenDoor();
        Bf16Door door = Bf16Door.of(device).orElseThrow();
        assertEquals(Verdict.FAVOURABLE, trial(door, device, device.name()).verdict());
    }

    @Test
    void aTrialOnADeviceThatIsNotThereClosesForNow() {
        Device device = deviceWithAnOpenDoor();
        Verdict verdict =
                trial(Bf16Door.of(device).orElseThrow(), device, "abacus").verdict();
        assertEquals(Verdict.closedForNow("another process does not see the device"), verdict);
    }

    @Test
    void theBackendSaysWhatItDoes() {
        try (OpenClBackend backend = new OpenClBackend(deviceWithAnOpenDoor(), 1, Precision.BF16)) {
            assertTrue(backend.description().endsWith("matrix products in bfloat16"), backend.description());
        }
    }

    @Test
    void aPrecisionThatCannotBeHadIsRefusedWithTheReason() {
        Device gpu = device(true, "abacus");
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> new OpenClBackend(gpu, 1, Precision.BF16));
        assertTrue(refusal.getMessage().contains("abacus"), refusal.getMessage());
        assertTrue(refusal.getMessage().contains(Bf16Door.whyClosed(gpu).orElseThrow()), refusal.getMessage());
    }

    @Test
    void x86ProcessorsHaveADoor() {
        assumeTrue("amd64".equals(System.getProperty("os.arch")), "this is no x86 processor");
        assertEquals(Optional.of(Bf16Door.X86), Bf16Door.of(device(false, "abacus")));
    }
}
