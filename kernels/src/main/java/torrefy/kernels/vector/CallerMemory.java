package torrefy.kernels.vector;

/// Memory that a kernel shares among all workers during a call and keeps for the next one: one array for each thread
/// that calls, so that calls from several threads do not meet.
final class CallerMemory {

    private final ThreadLocal<float[]> kept = ThreadLocal.withInitial(() -> new float[0]);

    /// An array of at least `length` elements with unspecified contents, valid until the same thread asks again.
    float[] atLeast(int length) {
        float[] array = kept.get();
        if (array.length < length) {
            array = new float[length];
            kept.set(array);
        }
        return array;
    }
}
