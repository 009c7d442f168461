package torrefy.tensor;

import java.util.List;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;

/// The backends that the tests of this module run on, each made once.
public final class Columns {

    private static final List<Backend> ALL = Backends.providers().stream()
            .filter(provider -> provider.whyUnavailable().isEmpty())
            .map(provider -> Backends.create(provider.name(), 2))
            .toList();

    private Columns() {}

    /// Every backend that can run here.
    public static List<Backend> all() {
        return ALL;
    }

    /// The backend that defines what is right.
    public static Backend scalar() {
        return ALL.stream()
                .filter(backend -> backend.name().equals("scalar"))
                .findFirst()
                .orElseThrow();
    }
}
