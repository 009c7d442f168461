package torrefy.core.backend;

import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/// Finds backends and chooses among them.
public final class Backends {

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

    /// Makes the backend called `name`; `auto` means the best one that can run here.
    ///
    /// @throws IllegalArgumentException if there is none of that name, or it cannot run; the message says why
    public static Backend create(String name, int threads) {
        return create(providers(), name, threads);
    }

    static Backend create(List<BackendProvider> all, String name, int threads) {
        if (all.isEmpty()) {
            throw new IllegalStateException("no backend found: add the artifact torrefy-kernels to the class path");
        }
        if (name.equals("auto")) {
            return all.stream()
                    .filter(provider -> provider.whyUnavailable().isEmpty())
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no backend can run here: "
                            + all.stream()
                                    .map(provider -> provider.name() + ": "
                                            + provider.whyUnavailable().orElse(""))
                                    .collect(Collectors.joining("; "))))
                    .create(threads);
        }
        BackendProvider chosen = all.stream()
                .filter(provider -> provider.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no backend is called '" + name + "'; there are: auto, "
                        + all.stream().map(BackendProvider::name).collect(Collectors.joining(", "))));
        chosen.whyUnavailable().ifPresent(reason -> {
            throw new IllegalArgumentException("the " + name + " backend cannot run here: " + reason);
        });
        return chosen.create(threads);
    }
}
