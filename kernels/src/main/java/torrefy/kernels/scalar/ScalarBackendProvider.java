package torrefy.kernels.scalar;

import java.util.Optional;
import torrefy.core.backend.Backend;
import torrefy.core.backend.BackendProvider;

/// Makes the [ScalarBackend]. It runs on every JVM.
public final class ScalarBackendProvider implements BackendProvider {

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public int priority() {
        return 0;
    }

    @Override
    public Optional<String> whyUnavailable() {
        return Optional.empty();
    }

    @Override
    public Backend create(int threads) {
        return new ScalarBackend(threads);
    }
}
