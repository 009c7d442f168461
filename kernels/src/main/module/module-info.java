/// The kernel vocabulary, spoken by scalar loops and by the JDK Vector API. Nothing here is called by name: a backend
/// is found through its provider.
module torrefy.kernels {
    requires torrefy.core;
    requires jdk.incubator.vector;

    provides torrefy.core.backend.BackendProvider with
            torrefy.kernels.scalar.ScalarBackendProvider,
            torrefy.kernels.vector.VectorBackendProvider;
}
