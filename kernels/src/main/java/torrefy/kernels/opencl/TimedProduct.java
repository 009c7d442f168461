package torrefy.kernels.opencl;

import java.util.Arrays;
import torrefy.core.backend.MatmulKernels;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Layout;
import torrefy.core.shape.Shape;

/// A product whose time is taken.
final class TimedProduct {

    /// What is multiplied: `m × k` by `k × n`, each stored as it is or transposed.
    record Sizes(int m, int n, int k, boolean isLeftTransposed, boolean isRightTransposed) {
        double flops() {
            return 2.0 * m * n * k;
        }
    }

    /// So much work is enqueued at once that waiting for the device does not count.
    private static final double LEAST_SECONDS = 5e-3;

    private static final int MOST_REPEATS = 32;

    private final Queue queue;
    private final Sizes sizes;
    private final NdArray out;
    private final NdArray left;
    private final NdArray right;

    TimedProduct(Queue queue, Sizes sizes) {
        this.queue = queue;
        this.sizes = sizes;
        this.out = ones(sizes.m, sizes.n, false);
        this.left = ones(sizes.m, sizes.k, sizes.isLeftTransposed);
        this.right = ones(sizes.k, sizes.n, sizes.isRightTransposed);
    }

    private NdArray ones(int rows, int columns, boolean isTransposed) {
        DeviceBuffer buffer = queue.allocate(DataType.F32, rows * columns);
        queue.fill(buffer, Float.floatToRawIntBits(1));
        return isTransposed
                ? new NdArray(buffer, Layout.contiguous(Shape.of(columns, rows)).transpose(0, 1))
                : NdArray.of(buffer, Shape.of(rows, columns));
    }

    Sizes sizes() {
        return sizes;
    }

    /// Of one product, the median of `runs` after one that does not count.
    double medianSeconds(MatmulKernels kernels, int runs) {
        seconds(kernels, 1);
        double first = seconds(kernels, 1);
        int repeats = Math.clamp((long) (LEAST_SECONDS / first), 1, MOST_REPEATS);
        double[] all = new double[runs];
        Arrays.setAll(all, run -> seconds(kernels, repeats));
        Arrays.sort(all);
        return all[runs / 2];
    }

    private double seconds(MatmulKernels kernels, int repeats) {
        queue.finish();
        long start = System.nanoTime();
        for (int i = 0; i < repeats; i++) {
            kernels.matmul(out, left, right, false);
        }
        queue.finish();
        return (System.nanoTime() - start) * 1e-9 / repeats;
    }
}
