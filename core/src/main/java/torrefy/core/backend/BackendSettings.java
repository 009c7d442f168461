package torrefy.core.backend;

/// How a backend is to be made.
///
/// @param threads how many threads share the work, the caller's included
/// @param device the number of one of the backend's devices; null for the best one
/// @param precision of matrix products
public record BackendSettings(int threads, String device, Precision precision) {

    /// The best device, and products as they are.
    public BackendSettings(int threads) {
        this(threads, null, Precision.F32);
    }
}
