package torrefy.kernels.vector;

import java.util.Optional;
import torrefy.core.backend.Backend;
import torrefy.core.backend.BackendProvider;
import torrefy.core.parallel.FmaPeak;

/// Makes the [VectorBackend], where the JVM was started with the module of the Vector API and the processor has the
/// fused multiply-add that its kernels are made of.
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
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            return Optional.of("the JVM was started without the Vector API; add: --add-modules " + MODULE);
        }
        if (!FmaPeak.hasFusedMultiplyAdd()) {
            return Optional.of("this processor has no fused multiply-add, or it is switched off; use: scalar");
        }
        return Optional.empty();
    }

    @Override
    public Backend create(int threads) {
        return new VectorBackend(threads);
    }
}
