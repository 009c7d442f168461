package torrefy.examples;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import torrefy.core.backend.Backend;
import torrefy.core.backend.BackendProvider;
import torrefy.core.backend.BackendSettings;
import torrefy.core.backend.Tuning;
import torrefy.core.backend.Tuning.Candidate;

/// A provider that measures nothing and says what a measurement could have found. On device 1 nothing can be kept.
public final class PretendedTuning implements BackendProvider {

    @Override
    public String name() {
        return "pretended";
    }

    @Override
    public int priority() {
        return -1;
    }

    @Override
    public Optional<String> whyUnavailable() {
        return Optional.empty();
    }

    @Override
    public Optional<String> whyNotAutomatic() {
        return Optional.of("it computes nothing");
    }

    @Override
    public Backend create(int threads) {
        throw new UnsupportedOperationException("it computes nothing");
    }

    @Override
    public Tuning tune(BackendSettings settings, Consumer<Candidate> listener) {
        Candidate standard = Candidate.measured("2 x 4", 1.5e9);
        listener.accept(standard);
        listener.accept(Candidate.skipped("4 x 4", "it is square"));
        Candidate fastest = Candidate.measured("4 x 8", 1234.56e9);
        listener.accept(fastest);
        Optional<Path> file = "1".equals(settings.device()) ? Optional.empty() : Optional.of(Path.of("tiles"));
        return new Tuning("abacus", standard, fastest, file);
    }
}
