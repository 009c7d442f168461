package torrefy.core.backend;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import torrefy.core.memory.Buffer;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;

/// A backend that computes nothing and whose buffers hold nothing: to find out what a computation allocates, by running
/// it. That takes microseconds a kernel, whatever the sizes.
///
/// ```java
/// PlanningBackend backend = new PlanningBackend();
/// Arena arena = Arena.planning(backend::memoryless);
/// arena.step(…);          // the computation, on this backend
/// arena.size();           // what another arena needs for it
/// ```
///
/// Whoever looks at values sees zeros, and finds them in range and finite; a computation that decides by its values
/// what to compute next is not planned by this. A [Listener] hears of every kernel that would have been computed.
public final class PlanningBackend implements Backend {

    /// Is told of every call of a kernel.
    @FunctionalInterface
    public interface Listener {

        /// @param kernel a method of one of the families' interfaces
        /// @param arguments what it was called with, arrays without memory among it
        void onCall(Method kernel, Object[] arguments);
    }

    /// A length, and nothing behind it.
    private static final class Memoryless extends Buffer {

        Memoryless(DataType type, int length) {
            super(type, length);
        }

        @Override
        public Buffer slice(int offset, int length) {
            return withLease(new Memoryless(type(), length));
        }

        @Override
        protected void poison() {}
    }

    private long allocatedBytes;
    private long largestBytes;
    private int allocations;

    private final Listener listener;
    private final ElementwiseKernels elementwise = nothing(ElementwiseKernels.class);
    private final ReductionKernels reduction = nothing(ReductionKernels.class);
    private final MatmulKernels matmul = nothing(MatmulKernels.class);
    private final IndexKernels index = nothing(IndexKernels.class);
    private final SoftmaxKernels softmax = nothing(SoftmaxKernels.class);
    private final NormalizationKernels normalization = nothing(NormalizationKernels.class);
    private final AttentionKernels attention = nothing(AttentionKernels.class);
    private final CrossEntropyKernels crossEntropy = nothing(CrossEntropyKernels.class);
    private final RotaryKernels rotary = nothing(RotaryKernels.class);
    private final RandomKernels random = nothing(RandomKernels.class);
    private final OptimizerKernels optimizer = nothing(OptimizerKernels.class);

    public PlanningBackend() {
        this((kernel, arguments) -> {});
    }

    /// @param listener hears of every call of a kernel
    public PlanningBackend(Listener listener) {
        this.listener = listener;
    }

    /// A family whose kernels do nothing, also one that is added to the vocabulary later.
    private <K> K nothing(Class<K> family) {
        return family.cast(Proxy.newProxyInstance(
                family.getClassLoader(), new Class<?>[] {family}, (proxy, kernel, arguments) -> {
                    if (kernel.getDeclaringClass() != Object.class) {
                        listener.onCall(kernel, arguments);
                    }
                    return answer(kernel.getReturnType());
                }));
    }

    private static Object answer(Class<?> type) {
        if (type == int.class) {
            // firstOutOfRange: there is none.
            return -1;
        }
        if (type == boolean.class) {
            // allFinite
            return true;
        }
        return type == double.class ? 0.0 : null;
    }

    @Override
    public String name() {
        return "planning";
    }

    @Override
    public String description() {
        return "planning: computes nothing";
    }

    @Override
    public int threads() {
        return 1;
    }

    /// A buffer without memory, of which [#allocatedBytes] takes note.
    @Override
    public Buffer allocate(DataType type, int length) {
        long bytes = (long) length * type.bytes();
        allocatedBytes += bytes;
        largestBytes = Math.max(largestBytes, bytes);
        allocations++;
        return memoryless(type, length);
    }

    /// A buffer without memory, of which nobody takes note.
    public Buffer memoryless(DataType type, int length) {
        return new Memoryless(type, length);
    }

    /// What a backend with memory would have been asked for by [#allocate] so far.
    public long allocatedBytes() {
        return allocatedBytes;
    }

    /// The largest of the buffers among which they would have been.
    public long largestBytes() {
        return largestBytes;
    }

    /// The number of buffers among which they would have been.
    public int allocations() {
        return allocations;
    }

    @Override
    public Buffer upload(float[] values) {
        return new Memoryless(DataType.F32, values.length);
    }

    @Override
    public Buffer upload(int[] values) {
        return new Memoryless(DataType.I32, values.length);
    }

    @Override
    public void upload(int[] values, NdArray out) {}

    @Override
    public void download(NdArray array, float[] out, int at) {
        Arrays.fill(out, at, at + array.elements(), 0);
    }

    @Override
    public void download(NdArray array, int[] out, int at) {
        Arrays.fill(out, at, at + array.elements(), 0);
    }

    @Override
    public ElementwiseKernels elementwise() {
        return elementwise;
    }

    @Override
    public ReductionKernels reduction() {
        return reduction;
    }

    @Override
    public MatmulKernels matmul() {
        return matmul;
    }

    @Override
    public IndexKernels index() {
        return index;
    }

    @Override
    public SoftmaxKernels softmax() {
        return softmax;
    }

    @Override
    public NormalizationKernels normalization() {
        return normalization;
    }

    @Override
    public AttentionKernels attention() {
        return attention;
    }

    @Override
    public CrossEntropyKernels crossEntropy() {
        return crossEntropy;
    }

    @Override
    public RotaryKernels rotary() {
        return rotary;
    }

    @Override
    public RandomKernels random() {
        return random;
    }

    @Override
    public OptimizerKernels optimizer() {
        return optimizer;
    }

    @Override
    public void close() {}
}
