package torrefy.examples.command;

import torrefy.core.backend.Backend;
import torrefy.core.random.RandomKey;
import torrefy.tensor.GradientMode;
import torrefy.tensor.Tensor;

/// How fast a backend multiplies square matrices.
final class MatmulSpeed {

    private MatmulSpeed() {}

    /// The best of several products of two `size × size` matrices, in FLOP/s.
    static double measure(Backend backend, int size) {
        Tensor a = Tensor.uniform(backend, RandomKey.of(1), size, size);
        Tensor b = Tensor.uniform(backend, RandomKey.of(2), size, size);
        Tensor out = Tensor.zeros(backend, size, size);
        long best = Long.MAX_VALUE;
        long end = System.nanoTime() + 1_500_000_000L;
        while (System.nanoTime() < end) {
            long start = System.nanoTime();
            GradientMode.off(() -> backend.matmul().matmul(out.data(), a.data(), b.data(), false));
            best = Math.min(best, System.nanoTime() - start);
        }
        return 2.0 * size * size * size / (best / 1e9);
    }
}
