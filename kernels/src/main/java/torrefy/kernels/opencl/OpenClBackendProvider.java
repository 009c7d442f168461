package torrefy.kernels.opencl;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import torrefy.core.backend.Backend;
import torrefy.core.backend.BackendProvider;
import torrefy.core.backend.BackendSettings;
import torrefy.core.backend.Precision;
import torrefy.core.backend.Tuning;

/// Makes the [OpenClBackend], where there is a loader, a driver and a suitable device.
///
/// This class mentions no type of JOCL, because it is loaded and asked where the jar or the loader is missing.
public final class OpenClBackendProvider implements BackendProvider {

    @Override
    public String name() {
        return "opencl";
    }

    @Override
    public int priority() {
        return 200;
    }

    @Override
    public Optional<String> whyUnavailable() {
        return OpenClLibrary.whyUnavailable()
                .or(() -> Devices.suitable().isEmpty() ? Optional.of(Devices.whyNone()) : Optional.empty());
    }

    /// A GPU, or it is not the best there is. Where native access was not allowed the JVM would warn of it, which
    /// nobody should have to read who did not ask for a device.
    @Override
    public Optional<String> whyNotAutomatic() {
        if (!OpenClBackendProvider.class.getModule().isNativeAccessEnabled()) {
            return Optional.of("the JVM was started without native access; add: --enable-native-access=ALL-UNNAMED");
        }
        if (whyUnavailable().isPresent()) {
            return Optional.empty();
        }
        return Devices.suitable().get(0).isGpu()
                ? Optional.empty()
                : Optional.of("the device is a processor, on which the vector backend is faster");
    }

    @Override
    public boolean isOptional() {
        return true;
    }

    @Override
    public List<String> devices() {
        if (OpenClLibrary.whyUnavailable().isPresent()) {
            return List.of();
        }
        return Devices.all().stream()
                .map(device -> device.description()
                        + device.whyUnsuitable()
                                .map(why -> "; unsuitable: " + why)
                                .orElse(""))
                .toList();
    }

    @Override
    public Backend create(int threads) {
        return create(new BackendSettings(threads));
    }

    @Override
    public Backend create(BackendSettings settings) {
        requireThreads(settings.threads());
        return new OpenClBackend(device(settings), settings.threads(), settings.precision());
    }

    /// Of matrix products; see [MatmulTuning].
    @Override
    public Tuning tune(BackendSettings settings, Consumer<Tuning.Candidate> listener) {
        if (settings.precision() != Precision.F32) {
            throw new IllegalArgumentException("the opencl backend tunes products in F32 only, those in "
                    + settings.precision() + " have nothing to tune");
        }
        return MatmulTuning.of(device(settings)).run(TunedTiles.ofUser(), listener);
    }

    private static Device device(BackendSettings settings) {
        return settings.device() == null ? Devices.suitable().get(0) : Devices.named(settings.device());
    }

    private static void requireThreads(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, got " + threads);
        }
    }
}
