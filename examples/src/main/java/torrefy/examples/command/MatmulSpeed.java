package torrefy.examples.command;

import java.time.Duration;
import torrefy.core.backend.Backend;
import torrefy.core.memory.NdArray;
import torrefy.core.random.RandomKey;
import torrefy.tensor.Tensor;

/// How fast a backend multiplies square matrices.
final class MatmulSpeed {

    /// The compiler has finished when nothing got faster for so long.
    private static final long QUIET_NANOS = Duration.ofSeconds(1).toNanos();

    private MatmulSpeed() {}

    /// The best of many products of two `size × size` matrices, in FLOP/s.
    static double measure(Backend backend, int size) {
        Tensor a = Tensor.uniform(backend, RandomKey.of(1), size, size);
        Tensor b = Tensor.uniform(backend, RandomKey.of(2), size, size);
        Tensor out = Tensor.zeros(backend, size, size);
        NdArray corner = out.data().with(out.data().layout().slice(0, 0, 1).slice(1, 0, 1));
        float[] number = new float[1];
        long fastest = Long.MAX_VALUE;
        long lastNews = System.nanoTime();
        while (System.nanoTime() - lastNews < QUIET_NANOS) {
            long start = System.nanoTime();
            backend.matmul().matmul(out.data(), a.data(), b.data(), false);
            // A device is still at work until a number has come back.
            backend.download(corner, number, 0);
            long end = System.nanoTime();
            if (end - start < 0.9 * fastest) {
                lastNews = end;
            }
            fastest = Math.min(fastest, end - start);
        }
        return 2.0 * size * size * size / (fastest / 1e9);
    }
}
