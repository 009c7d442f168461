package torrefy.core.backend;

import java.util.Optional;

/// How a backend is found: registered with [java.util.ServiceLoader], asked before it is made.
///
/// A provider must load on every JVM, also on one that lacks what its backend needs.
public interface BackendProvider {

    /// The name of the backend it makes.
    String name();

    /// The higher, the sooner `auto` takes it. Scalar 0, vector 100.
    int priority();

    /// Why the backend cannot run here, in one line that says what to do; empty if it can.
    Optional<String> whyUnavailable();

    /// Makes the backend.
    ///
    /// @param threads how many threads share the work, the caller's included
    Backend create(int threads);
}
