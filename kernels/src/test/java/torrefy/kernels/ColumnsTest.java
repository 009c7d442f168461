package torrefy.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.BackendProvider;
import torrefy.core.backend.Backends;

class ColumnsTest {

    /// The contract suites run against what is available. This fails if that silently becomes less.
    @Test
    void everyColumnIsFoundBestFirst() {
        assertEquals(
                List.of("vector", "scalar"),
                Backends.providers().stream().map(BackendProvider::name).toList());
    }

    @Test
    void everyColumnRunsWhereTheVectorModuleIsPresent() {
        boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        assertEquals(
                vectors ? List.of("vector", "scalar") : List.of("scalar"),
                Backends.providers().stream()
                        .filter(provider -> provider.whyUnavailable().isEmpty())
                        .map(BackendProvider::name)
                        .toList());
    }
}
