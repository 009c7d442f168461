package torrefy.kernels.vector;

import static torrefy.kernels.vector.Lanes.COUNT;

/// Brings runs of any stride and length before loops that know only whole registers of neighbours.
///
/// What lies so already is handed on where it lies; the rest goes through small buffers.
final class Runs {

    /// Elements in a buffer.
    private static final int CHUNK = 512;

    /// A loop over registers. Element i of array k is `arrays[k][at[k] + i]`, for i below `length`, a multiple of
    /// [Lanes#COUNT]. It writes array 0 and may read them all.
    @FunctionalInterface
    interface Loop {
        void run(float[][] arrays, int[] at, int length);
    }

    private Runs() {}

    /// One run of a [torrefy.kernels.strided.StridedLoop] over `arrays`.
    static void run(Loop loop, float[][] arrays, int[] at, int[] stride, int length) {
        int whole = areNeighbours(stride) ? length - length % COUNT : 0;
        if (whole > 0) {
            loop.run(arrays, at, whole);
        }
        if (whole < length) {
            throughBuffers(loop, arrays, at, stride, whole, length);
        }
    }

    private static boolean areNeighbours(int[] stride) {
        for (int step : stride) {
            if (step != 1) {
                return false;
            }
        }
        return true;
    }

    private static void throughBuffers(Loop loop, float[][] arrays, int[] at, int[] stride, int from, int length) {
        int room = Math.min(CHUNK, Math.ceilDiv(length - from, COUNT) * COUNT);
        float[][] buffers = new float[arrays.length][];
        float[][] handed = new float[arrays.length][];
        int[] handedAt = new int[arrays.length];
        for (int begun = from; begun < length; begun += room) {
            int count = Math.min(room, length - begun);
            for (int k = 0; k < arrays.length; k++) {
                boolean asItLies = stride[k] == 1 && count % COUNT == 0;
                if (asItLies) {
                    handed[k] = arrays[k];
                    handedAt[k] = at[k] + begun;
                } else {
                    if (buffers[k] == null) {
                        buffers[k] = new float[room];
                    }
                    load(buffers[k], arrays[k], at[k] + begun * stride[k], stride[k], count);
                    handed[k] = buffers[k];
                    handedAt[k] = 0;
                }
            }
            loop.run(handed, handedAt, Math.ceilDiv(count, COUNT) * COUNT);
            if (handed[0] == buffers[0]) {
                for (int i = 0; i < count; i++) {
                    arrays[0][at[0] + (begun + i) * stride[0]] = buffers[0][i];
                }
            }
        }
    }

    private static void load(float[] buffer, float[] array, int at, int stride, int count) {
        for (int i = 0; i < count; i++) {
            buffer[i] = array[at + i * stride];
        }
    }
}
