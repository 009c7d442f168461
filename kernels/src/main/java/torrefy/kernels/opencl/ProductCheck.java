package torrefy.kernels.opencl;

import torrefy.core.backend.MatmulKernels;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Layout;
import torrefy.core.shape.Shape;

/// One product that is known: of small whole numbers, which add up without rounding, so that any difference is
/// an error.
final class ProductCheck {

    private final Queue queue;
    private final int m;
    private final int n;
    private final int k;
    private final float[] expected;

    ProductCheck(Queue queue, int m, int n, int k) {
        this.queue = queue;
        this.m = m;
        this.n = n;
        this.k = k;
        this.expected = new float[m * n];
        for (int i = 0; i < m; i++) {
            for (int p = 0; p < k; p++) {
                int left = number(i, p);
                for (int j = 0; j < n; j++) {
                    expected[i * n + j] += left * number(p, j);
                }
            }
        }
    }

    private static int number(int i, int j) {
        return (7 * i + 11 * j + i * j) % 17 - 8;
    }

    /// Whether the kernels find the product, of matrices as they are and of transposed ones, put in place of what was
    /// there and added to it.
    boolean passes(MatmulKernels kernels) {
        NdArray out = numbers(m, n, false);
        kernels.matmul(out, numbers(m, k, false), numbers(k, n, false), false);
        if (!holds(out, 1)) {
            return false;
        }
        kernels.matmul(out, numbers(m, k, true), numbers(k, n, true), true);
        return holds(out, 2);
    }

    private boolean holds(NdArray out, int times) {
        float[] got = new float[m * n];
        queue.download(out, got, 0);
        for (int i = 0; i < got.length; i++) {
            if (got[i] != times * expected[i]) {
                return false;
            }
        }
        return true;
    }

    private NdArray numbers(int rows, int columns, boolean transposed) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                values[transposed ? j * rows + i : i * columns + j] = number(i, j);
            }
        }
        DeviceBuffer buffer = queue.allocate(DataType.F32, values.length);
        queue.upload(buffer, values);
        return transposed
                ? new NdArray(buffer, Layout.contiguous(Shape.of(columns, rows)).transpose(0, 1))
                : NdArray.of(buffer, Shape.of(rows, columns));
    }
}
