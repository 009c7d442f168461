package torrefy.benchmarks.opencl;

import torrefy.core.backend.Backend;
import torrefy.core.backend.BackendSettings;
import torrefy.core.backend.Backends;
import torrefy.core.backend.Precision;

/// Who is compared. All are open at once, to take turns.
///
/// @param opencl the first suitable device, in F32
/// @param bf16 the same device with products in bfloat16; null where it has none
record Contenders(Backend vector, Backend opencl, Backend bf16) implements AutoCloseable {

    /// Says why there is no bfloat16, where there is none.
    ///
    /// @throws IllegalArgumentException if there is no device, or no vector backend; the message says why
    static Contenders open() {
        int threads = Runtime.getRuntime().availableProcessors();
        Backend vector = Backends.create("vector", threads);
        Backend opencl = Backends.create("opencl", threads);
        Backend bf16 = null;
        try {
            bf16 = Backends.create("opencl", new BackendSettings(threads, null, Precision.BF16));
        } catch (IllegalArgumentException e) {
            System.out.println("no bfloat16: " + e.getMessage());
        }
        return new Contenders(vector, opencl, bf16);
    }

    @Override
    public void close() {
        vector.close();
        opencl.close();
        if (bf16 != null) {
            bf16.close();
        }
    }
}
