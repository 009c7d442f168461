package torrefy.kernels.opencl;

import java.time.Duration;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;

/// The most multiply-adds that a device does in a second: chains that touch no memory; see `peak.cl`.
final class DevicePeak {

    /// Chains of a work-item, as in `peak.cl`.
    private static final int CHAINS = 12;

    private DevicePeak() {}

    /// FLOP/s; the best of some rounds within about `duration`.
    static double measure(Queue queue, Duration duration) {
        int groups = queue.device().units() * (queue.device().isGpu() ? 32 : 1);
        int items = groups * queue.rowGroup();
        NdArray sums =
                NdArray.of(queue.temporary(Temporary.PEAK, DataType.F32, items * queue.rowWidth()), Shape.of(items));
        int length = 1 << 10;
        double best = 0;
        // Builds the program, too.
        seconds(queue, groups, sums, length);
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end) {
            double seconds = seconds(queue, groups, sums, length);
            best = Math.max(best, 2.0 * items * queue.rowWidth() * CHAINS * length / seconds);
            if (seconds < 0.01) {
                length *= 2;
            }
        }
        return best;
    }

    private static double seconds(Queue queue, int groups, NdArray sums, int length) {
        long start = System.nanoTime();
        queue.rows("peak.cl", "", "peak", groups, Arguments.of(length).and(Arguments.buffer(sums)));
        queue.finish();
        return (System.nanoTime() - start) * 1e-9;
    }
}
