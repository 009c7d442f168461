/// The kernel vocabulary, spoken by scalar loops, by the JDK Vector API and in OpenCL. Nothing here is called by name: a backend
/// is found through its provider.
module torrefy.kernels {
    requires torrefy.core;
    requires jdk.incubator.vector;
    requires static jocl;

    provides torrefy.core.backend.BackendProvider with
            torrefy.kernels.scalar.ScalarBackendProvider,
            torrefy.kernels.vector.VectorBackendProvider,
            torrefy.kernels.opencl.OpenClBackendProvider;
}
