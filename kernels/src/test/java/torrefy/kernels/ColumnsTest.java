package torrefy.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.BackendProvider;
import torrefy.core.backend.Backends;

class ColumnsTest {

    /// The contract suites run against what is available. This fails if that silently becomes less.
    @Test
    void everyColumnIsFoundBestFirst() {
        assertEquals(
                List.of("opencl", "vector", "scalar"),
                Backends.providers().stream().map(BackendProvider::name).toList());
    }

    @Test
    void everyColumnRunsWhereTheVectorModuleIsPresent() {
        boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        assertEquals(
                vectors ? List.of("vector", "scalar") : List.of("scalar"),
                Backends.providers().stream()
                        .filter(provider -> provider.whyUnavailable().isEmpty() && !provider.isOptional())
                        .map(BackendProvider::name)
                        .toList());
    }

    /// `TORREFY_REQUIRE_OPENCL` turns the lack of a device from a reason to skip into a failure.
    @Test
    void openClRunsWhereItIsRequired() {
        Optional<String> missing = Backends.providers().get(0).whyUnavailable();
        if (Boolean.parseBoolean(System.getenv("TORREFY_REQUIRE_OPENCL"))) {
            assertEquals(Optional.empty(), missing);
        }
        assumeTrue(missing.isEmpty(), () -> "the opencl column is not tested: " + missing.orElseThrow());
    }
}
