package torrefy.kernels.vector;

import java.util.Optional;
import torrefy.core.backend.Backend;
import torrefy.core.backend.BackendProvider;

/// Makes the [VectorBackend], where the JVM was started with the module of the Vector API.
///
/// This class mentions no type of that module, because it is loaded and asked on JVMs that lack it.
public final class VectorBackendProvider implements BackendProvider {

    private static final String MODULE = "jdk.incubator.vector";

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public int priority() {
        return 100;
    }

    @Override
    public Optional<String> whyUnavailable() {
        if (ModuleLayer.boot().findModule(MODULE).isPresent()) {
            return Optional.empty();
        }
        return Optional.of("the JVM was started without the Vector API; add: --add-modules " + MODULE);
    }

    @Override
    public Backend create(int threads) {
        return new VectorBackend(threads);
    }
}
