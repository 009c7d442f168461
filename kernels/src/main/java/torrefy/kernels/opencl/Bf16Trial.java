package torrefy.kernels.opencl;

import java.util.List;
import torrefy.core.backend.MatmulKernels;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;

/// Goes through a [Bf16Door] and looks whether the numbers on the other side are right. For a process of its own.
final class Bf16Trial {

    /// More than a small tile across, and no multiple of anything.
    private static final int M = 29;

    private static final int N = 71;
    private static final int K = 67;

    /// More than a large one. That many rows for each of the device's units make a GPU take them.
    private static final int WIDE = 135;

    private static final int ROWS_FOR_EACH = 64;

    /// Numbers repeat after so many rows, and columns.
    private static final int PERIOD = 17;

    private Bf16Trial() {}

    /// @param arguments the door, the number of the device, and its name
    public static void main(String[] arguments) {
        Verdict verdict;
        try {
            verdict = verdict(Bf16Door.valueOf(arguments[0]), Integer.parseInt(arguments[1]), arguments[2]);
        } catch (Exception | LinkageError e) {
            verdict = Verdict.closed(String.valueOf(e.getMessage()));
        }
        System.out.println(verdict.line());
        System.out.flush();
        // Whatever the driver's threads are up to.
        Runtime.getRuntime().halt(0);
    }

    private static Verdict verdict(Bf16Door door, int index, String name) {
        if (OpenClLibrary.whyUnavailable().isPresent()) {
            return Verdict.closedForNow(OpenClLibrary.whyUnavailable().get());
        }
        List<Device> devices = Devices.all();
        if (index >= devices.size() || !devices.get(index).name().equals(name)) {
            return Verdict.closedForNow("another process does not see the device");
        }
        Queue queue = new Queue(devices.get(index));
        return verdict(queue, door.matmul(queue));
    }

    /// Whether these products are right: with operands that lie either way and are stored either way, in tiles of every
    /// size.
    static Verdict verdict(Queue queue, MatmulKernels kernels) {
        int tall = ROWS_FOR_EACH * queue.device().units() + M;
        for (boolean transposed : new boolean[] {false, true}) {
            for (DataType type : new DataType[] {DataType.F32, DataType.BF16}) {
                if (!isRight(queue, kernels, M, N, type, transposed)
                        || !isRight(queue, kernels, tall, WIDE, type, transposed)) {
                    return Verdict.closed("its products are wrong");
                }
            }
        }
        return Verdict.FAVOURABLE;
    }

    /// One product of small whole numbers, which bfloat16 holds, and which add up without rounding.
    private static boolean isRight(
            Queue queue, MatmulKernels kernels, int m, int n, DataType type, boolean transposed) {
        NdArray a = numbers(queue, m, K, DataType.F32, transposed);
        NdArray b = numbers(queue, K, n, type, transposed);
        NdArray out = NdArray.of(queue.allocate(DataType.F32, m * n), Shape.of(m, n));
        kernels.matmul(out, a, b, false);
        float[] got = new float[m * n];
        queue.download(out, got, 0);
        float[] wanted = sums();
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                if (got[i * n + j] != wanted[i % PERIOD * PERIOD + j % PERIOD]) {
                    return false;
                }
            }
        }
        return true;
    }

    private static float[] sums() {
        float[] sums = new float[PERIOD * PERIOD];
        for (int i = 0; i < PERIOD; i++) {
            for (int j = 0; j < PERIOD; j++) {
                for (int p = 0; p < K; p++) {
                    sums[i * PERIOD + j] += number(i, p) * number(p, j);
                }
            }
        }
        return sums;
    }

    private static NdArray numbers(Queue queue, int rows, int columns, DataType type, boolean transposed) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                values[transposed ? j * rows + i : i * columns + j] = number(i, j);
            }
        }
        DeviceBuffer buffer = queue.allocate(DataType.F32, values.length);
        queue.upload(buffer, values);
        Shape shape = transposed ? Shape.of(columns, rows) : Shape.of(rows, columns);
        NdArray array = NdArray.of(buffer, shape);
        if (type == DataType.BF16) {
            array = NdArray.of(queue.allocate(type, values.length), shape);
            new OpenClElementwise(queue).copy(array, NdArray.of(buffer, shape));
        }
        return transposed ? array.with(array.layout().transpose(0, 1)) : array;
    }

    private static float number(int i, int j) {
        return (7 * i + 11 * j + i * j) % PERIOD - 8;
    }
}
