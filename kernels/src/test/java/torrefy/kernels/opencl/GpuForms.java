package torrefy.kernels.opencl;

import java.util.Optional;
import torrefy.core.backend.Backend;
import torrefy.core.backend.BackendProvider;

/// The kernels as a GPU runs them, on whatever device there is: groups that share a row, tiles in local memory.
public final class GpuForms implements BackendProvider {

    @Override
    public String name() {
        return "opencl-gpu";
    }

    @Override
    public int priority() {
        return 0;
    }

    @Override
    public Optional<String> whyUnavailable() {
        return new OpenClBackendProvider().whyUnavailable();
    }

    @Override
    public Backend create(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, got " + threads);
        }
        return new OpenClBackend(Devices.suitable().get(0).takenForGpu(true), threads);
    }
}
