package torrefy.core.backend;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// How a backend is found: registered with [java.util.ServiceLoader], asked before it is made.
///
/// A provider must load on every JVM, also on one that lacks what its backend needs.
public interface BackendProvider {

    /// The name of the backend it makes.
    String name();

    /// The higher, the sooner `auto` takes it. Scalar 0, vector 100, opencl 200.
    int priority();

    /// Why the backend cannot run here, in one line that says what to do; empty if it can.
    Optional<String> whyUnavailable();

    /// Why `auto` passes it over whether or not it can run here; empty if it does not. Asked first, so that what is
    /// passed
    /// over is not even tried.
    default Optional<String> whyNotAutomatic() {
        return Optional.empty();
    }

    /// Whether most machines do without it: then nothing is said when `auto` takes another because it is missing.
    default boolean isOptional() {
        return false;
    }

    /// A line for each of the devices among which [#create(BackendSettings)] chooses, in the order of their numbers,
    /// from
    /// 0;
    /// it says why one is unsuitable. Asked only where the drivers can be.
    default List<String> devices() {
        return List.of();
    }

    /// Makes the backend.
    ///
    /// @param threads how many threads share the work, the caller's included
    Backend create(int threads);

    /// Makes the backend with settings that not every one has a choice of.
    ///
    /// @throws IllegalArgumentException if there is no such device, it is unsuitable, or the precision cannot be had;
    /// the
    ///     message says why
    default Backend create(BackendSettings settings) {
        if (settings.device() != null) {
            throw new IllegalArgumentException("the " + name() + " backend has no devices to choose among, but device "
                    + settings.device() + " is asked for");
        }
        if (settings.precision() != Precision.F32) {
            throw new IllegalArgumentException("the " + name() + " backend computes products in F32 only, but "
                    + settings.precision() + " is asked for; the opencl backend may have it");
        }
        return create(settings.threads());
    }

    /// Measures, for up to about a minute, what can be told of a device only by trying it, and keeps the best for the
    /// backends that are made afterwards, in this process and later ones. Results do not change by it.
    ///
    /// @param listener hears of every candidate when it was measured
    /// @throws IllegalArgumentException if there is nothing to tune, or no such device; the message says why
    /// @throws IllegalStateException if no candidate works
    default Tuning tune(BackendSettings settings, Consumer<Tuning.Candidate> listener) {
        throw new IllegalArgumentException("the " + name() + " backend has nothing to tune");
    }
}
