package torrefy.core.backend;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.FmaPeak;
import torrefy.core.shape.Shape;

/// Finds backends and chooses among them.
public final class Backends {

    /// The warning that a faster backend is missing is given once.
    private static final AtomicBoolean WARNED = new AtomicBoolean();

    private Backends() {}

    /// The backend that code uses which names none: the best one, on all processors. Made at first use.
    private static final class Default {
        static final Backend INSTANCE = create("auto", Runtime.getRuntime().availableProcessors());
    }

    /// The backend that code uses which names none: the best one available, on all processors.
    public static Backend standard() {
        return Default.INSTANCE;
    }

    /// All providers on the class or module path, best first.
    public static List<BackendProvider> providers() {
        return ServiceLoader.load(BackendProvider.class, Backends.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparingInt(BackendProvider::priority)
                        .reversed()
                        .thenComparing(BackendProvider::name))
                .toList();
    }

    /// Makes the backend called `name`; `auto` means the best one that can run here. The first time that this is not
    /// the best that every machine can be expected to have, one line on stderr says why, and what it costs.
    ///
    /// @throws IllegalArgumentException if there is none of that name, or it cannot run; the message says why
    public static Backend create(String name, int threads) {
        return create(name, new BackendSettings(threads));
    }

    /// The same with settings that not every backend has a choice of. With `auto` a device, or a precision other than
    /// `F32`, chooses the first backend that has devices.
    ///
    /// @throws IllegalArgumentException if there is no backend of that name, or no such device, or it cannot run; the
    ///     message says why
    public static Backend create(String name, BackendSettings settings) {
        List<BackendProvider> all = providers();
        Backend backend = create(all, name, settings);
        BackendProvider best = all.stream()
                .filter(provider -> !provider.isOptional() || provider.name().equals(backend.name()))
                .findFirst()
                .orElseThrow();
        if (name.equals("auto") && !backend.name().equals(best.name()) && WARNED.compareAndSet(false, true)) {
            System.err.println(warning(best, backend));
        }
        return backend;
    }

    static Backend create(List<BackendProvider> all, String name, int threads) {
        return create(all, name, new BackendSettings(threads));
    }

    static Backend create(List<BackendProvider> all, String name, BackendSettings settings) {
        return choose(all, name, settings).create(settings);
    }

    /// Measures on the device that [#create(String, BackendSettings)] would take which way to compute is the fastest
    /// there, and keeps it for the backends that are made afterwards: see [BackendProvider#tune].
    ///
    /// @param listener hears of every candidate when it was measured
    /// @throws IllegalArgumentException if there is no such backend or device, or nothing to tune; the message says why
    public static Tuning tune(String name, BackendSettings settings, Consumer<Tuning.Candidate> listener) {
        return choose(providers(), name, settings).tune(settings, listener);
    }

    private static BackendProvider choose(List<BackendProvider> all, String name, BackendSettings settings) {
        if (all.isEmpty()) {
            throw new IllegalStateException("no backend found: add the artifact torrefy-kernels to the class path");
        }
        if (name.equals("auto")) {
            if (settings.device() != null || settings.precision() != Precision.F32) {
                return all.stream()
                        .filter(provider -> !provider.devices().isEmpty())
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("a device or a precision is asked for, but no"
                                + " backend that has them can run here; 'info' says why"));
            }
            return all.stream()
                    .filter(provider -> provider.whyNotAutomatic().isEmpty()
                            && provider.whyUnavailable().isEmpty())
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no backend can run here: "
                            + all.stream()
                                    .map(provider -> provider.name() + ": "
                                            + provider.whyUnavailable().orElse(""))
                                    .collect(Collectors.joining("; "))));
        }
        BackendProvider chosen = all.stream()
                .filter(provider -> provider.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no backend is called '" + name + "'; there are: auto, "
                        + all.stream().map(BackendProvider::name).collect(Collectors.joining(", "))));
        chosen.whyUnavailable().ifPresent(reason -> {
            throw new IllegalArgumentException("the " + name + " backend cannot run here: " + reason);
        });
        return chosen;
    }

    /// What it costs that `missing` cannot run here, measured on the spot: the machine's peak over what the backend
    /// that runs instead gets out of it on a matrix product. Good kernels come near the peak, so this is about the
    /// factor lost.
    private static String warning(BackendProvider missing, Backend instead) {
        double factor = FmaPeak.measure(instead.threads(), Duration.ofMillis(200)) / matmulRate(instead);
        return String.format(
                Locale.ROOT,
                "torrefy: the %s backend is not available (%s); the %s backend runs instead, on matrices up to %.0f times"
                        + " slower",
                missing.name(),
                missing.whyUnavailable().orElse(""),
                instead.name(),
                Math.max(1, factor));
    }

    /// FLOP/s on products of two square matrices, all threads.
    private static double matmulRate(Backend backend) {
        int size = 256;
        NdArray a = NdArray.of(backend.allocate(DataType.F32, size * size), Shape.of(size, size));
        NdArray b = NdArray.of(backend.allocate(DataType.F32, size * size), Shape.of(size, size));
        NdArray out = NdArray.of(backend.allocate(DataType.F32, size * size), Shape.of(size, size));
        long fastest = Long.MAX_VALUE;
        long end = System.nanoTime() + Duration.ofMillis(150).toNanos();
        while (System.nanoTime() < end) {
            long start = System.nanoTime();
            backend.matmul().matmul(out, a, b, false);
            fastest = Math.min(fastest, System.nanoTime() - start);
        }
        return 2.0 * size * size * size / (fastest / 1e9);
    }
}
