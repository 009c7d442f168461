package torrefy.kernels.scalar;

import java.time.Duration;
import torrefy.core.parallel.ParallelLoop;
import torrefy.core.parallel.PeakRate;

/// The machine's rate of multiply-adds as far as plain loops can find it out.
///
/// Long chains of `v = v·a + b` over two arrays that stay in the first cache: C2 makes SIMD of the loop, and loads and
/// stores
/// hardly count. It sees between two thirds and all of the true peak, which takes the Vector API to reach.
final class ScalarPeak {

    private static final int LENGTH = 1024;
    private static final int CHAIN = 16;

    private ScalarPeak() {}

    /// FLOP/s, all threads together.
    static double measure(ParallelLoop loop, Duration quiet) {
        boolean fused = multiplyAddIsOneInstruction();
        return PeakRate.measure(loop, quiet, 2.0 * CHAIN * 2 * LENGTH, repeats -> {
            float[] x = Arrays.ONE.get();
            float[] y = Arrays.OTHER.get();
            for (int repeat = 0; repeat < repeats; repeat++) {
                if (fused) {
                    fusedChains(x, y, 0.99f, 0.01f);
                } else {
                    plainChains(x, y, 0.99f, 0.01f);
                }
            }
        });
    }

    /// Whether `Math.fma` is an instruction here. Where it is not, Java computes it with big numbers, a hundred times
    /// slower.
    private static boolean multiplyAddIsOneInstruction() {
        long fastest = Long.MAX_VALUE;
        float v = 0;
        for (int attempt = 0; attempt < 5; attempt++) {
            long start = System.nanoTime();
            for (int i = 0; i < 1000; i++) {
                v = Math.fma(v, 0.99f, 0.01f);
            }
            fastest = Math.min(fastest, System.nanoTime() - start);
        }
        return fastest < 400_000 && v > 0;
    }

    /// Two arrays per thread.
    private static final class Arrays {
        static final ThreadLocal<float[]> ONE = ThreadLocal.withInitial(() -> new float[LENGTH]);
        static final ThreadLocal<float[]> OTHER = ThreadLocal.withInitial(() -> new float[LENGTH]);
    }

    private static void fusedChains(float[] x, float[] y, float a, float b) {
        for (int i = 0; i < x.length; i++) {
            float v = x[i];
            float w = y[i];
            v = Math.fma(v, a, b);
            w = Math.fma(w, a, b);
            v = Math.fma(v, a, b);
            w = Math.fma(w, a, b);
            v = Math.fma(v, a, b);
            w = Math.fma(w, a, b);
            v = Math.fma(v, a, b);
            w = Math.fma(w, a, b);
            v = Math.fma(v, a, b);
            w = Math.fma(w, a, b);
            v = Math.fma(v, a, b);
            w = Math.fma(w, a, b);
            v = Math.fma(v, a, b);
            w = Math.fma(w, a, b);
            v = Math.fma(v, a, b);
            w = Math.fma(w, a, b);
            v = Math.fma(v, a, b);
            w = Math.fma(w, a, b);
            v = Math.fma(v, a, b);
            w = Math.fma(w, a, b);
            v = Math.fma(v, a, b);
            w = Math.fma(w, a, b);
            v = Math.fma(v, a, b);
            w = Math.fma(w, a, b);
            v = Math.fma(v, a, b);
            w = Math.fma(w, a, b);
            v = Math.fma(v, a, b);
            w = Math.fma(w, a, b);
            v = Math.fma(v, a, b);
            w = Math.fma(w, a, b);
            v = Math.fma(v, a, b);
            w = Math.fma(w, a, b);
            x[i] = v;
            y[i] = w;
        }
    }

    private static void plainChains(float[] x, float[] y, float a, float b) {
        for (int round = 0; round < CHAIN / 4; round++) {
            for (int i = 0; i < x.length; i++) {
                x[i] = (((x[i] * a + b) * a + b) * a + b) * a + b;
                y[i] = (((y[i] * a + b) * a + b) * a + b) * a + b;
            }
        }
    }
}
