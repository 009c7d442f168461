package torrefy.kernels.opencl;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Optional;

/// What a test says that needs an OpenCL device.
final class RequiredDevice {

    private RequiredDevice() {}

    /// Skips the test, with the reason, where there is none. `TORREFY_REQUIRE_OPENCL` turns the skip into a failure.
    static void orSkip() {
        Optional<String> missing = new OpenClBackendProvider().whyUnavailable();
        boolean required = Boolean.parseBoolean(System.getenv("TORREFY_REQUIRE_OPENCL"));
        assumeTrue(missing.isEmpty() || required, () -> "no OpenCL: " + missing.orElseThrow());
    }
}
