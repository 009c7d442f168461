package torrefy.kernels.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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

    @Test
    void noDoorIsKnownForAGpu() {
        Device gpu = device(true, "abacus");
        assertEquals(Optional.empty(), Bf16Door.of(gpu));
        assertTrue(Bf16Door.whyClosed(gpu).orElseThrow().startsWith("no way is known"), "closed without a trial");
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
