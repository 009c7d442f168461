package torrefy.kernels.opencl;

import java.util.List;
import torrefy.core.backend.MatmulKernels;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;

/// Goes through a [Bf16Door] and looks whether the numbers on the other side are right. For a process of its own.
final class Bf16Trial {

    /// More than a tile in each direction, and no multiple of anything.
    private static final int M = 29;

    private static final int N = 71;
    private static final int K = 67;

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
            return Verdict.closed(OpenClLibrary.whyUnavailable().get());
        }
        List<Device> devices = Devices.all();
        if (index >= devices.size() || !devices.get(index).name().equals(name)) {
            return Verdict.closed("another process does not see the device");
        }
        Queue queue = new Queue(devices.get(index));
        MatmulKernels kernels = door.matmul(queue);
        return isRight(queue, kernels, false) && isRight(queue, kernels, true)
                ? Verdict.FAVOURABLE
                : Verdict.closed("its products are wrong");
    }

    /// One product of small whole numbers, which bfloat16 holds, and which add up without rounding.
    private static boolean isRight(Queue queue, MatmulKernels kernels, boolean transposed) {
        NdArray a = numbers(queue, M, K, transposed);
        NdArray b = numbers(queue, K, N, transposed);
        NdArray out = NdArray.of(queue.allocate(DataType.F32, M * N), Shape.of(M, N));
        kernels.matmul(out, a, b, false);
        float[] got = new float[M * N];
        queue.download(out, got, 0);
        for (int i = 0; i < M; i++) {
            for (int j = 0; j < N; j++) {
                float sum = 0;
                for (int p = 0; p < K; p++) {
                    sum += number(i, p) * number(p, j);
                }
                if (got[i * N + j] != sum) {
                    return false;
                }
            }
        }
        return true;
    }

    private static NdArray numbers(Queue queue, int rows, int columns, boolean transposed) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                values[transposed ? j * rows + i : i * columns + j] = number(i, j);
            }
        }
        DeviceBuffer buffer = queue.allocate(DataType.F32, values.length);
        queue.upload(buffer, values);
        NdArray array = NdArray.of(buffer, transposed ? Shape.of(columns, rows) : Shape.of(rows, columns));
        return transposed ? array.with(array.layout().transpose(0, 1)) : array;
    }

    private static float number(int i, int j) {
        return (7 * i + 11 * j + i * j) % 17 - 8;
    }
}
