package torrefy.kernels.opencl;

import java.util.Optional;
import torrefy.core.backend.AttentionKernels;
import torrefy.core.backend.Backend;
import torrefy.core.backend.CrossEntropyKernels;
import torrefy.core.backend.ElementwiseKernels;
import torrefy.core.backend.IndexKernels;
import torrefy.core.backend.MatmulKernels;
import torrefy.core.backend.NormalizationKernels;
import torrefy.core.backend.OptimizerKernels;
import torrefy.core.backend.RandomKernels;
import torrefy.core.backend.ReductionKernels;
import torrefy.core.backend.RotaryKernels;
import torrefy.core.backend.SoftmaxKernels;
import torrefy.core.memory.Buffer;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;

/// The vocabulary in OpenCL C, in the memory of one device.
public final class OpenClBackend implements Backend {

    private final Precision precision;
    private final Queue queue;
    private final ElementwiseKernels elementwise;
    private final ReductionKernels reduction;
    private final MatmulKernels matmul;
    private final IndexKernels index;
    private final SoftmaxKernels softmax;
    private final NormalizationKernels normalization;
    private final AttentionKernels attention;
    private final CrossEntropyKernels crossEntropy;
    private final RotaryKernels rotary;
    private final RandomKernels random;
    private final OptimizerKernels optimizer;

    OpenClBackend(Device device) {
        this(device, Precision.F32);
    }

    /// @param precision of matrix products; `BF16` where [Bf16Door#whyClosed] has nothing to say against it
    /// @throws IllegalArgumentException if the device has no way to compute so
    OpenClBackend(Device device, Precision precision) {
        Optional<Bf16Door> door = precision == Precision.BF16 ? Optional.of(Bf16Door.open(device)) : Optional.empty();
        this.precision = precision;
        queue = new Queue(device);
        elementwise = new OpenClElementwise(queue);
        reduction = new OpenClReduction(queue);
        matmul = door.map(open -> open.matmul(queue)).orElseGet(() -> new OpenClMatmul(queue));
        index = new OpenClIndex(queue);
        softmax = new OpenClSoftmax(queue);
        normalization = new OpenClNormalization(queue);
        attention = new OpenClAttention(queue);
        crossEntropy = new OpenClCrossEntropy(queue);
        rotary = new OpenClRotary(queue);
        random = new OpenClRandom(queue);
        optimizer = new OpenClOptimizer(queue);
    }

    @Override
    public String name() {
        return "opencl";
    }

    @Override
    public String description() {
        String products = precision == Precision.BF16 ? ", matrix products in bfloat16" : "";
        return "opencl: " + queue.device().description() + products;
    }

    /// The one that enqueues; the device has its own.
    @Override
    public int threads() {
        return 1;
    }

    @Override
    public Buffer allocate(DataType type, int length) {
        DeviceBuffer buffer = queue.allocate(type, length);
        queue.fill(buffer, 0);
        return buffer;
    }

    @Override
    public Buffer upload(float[] values) {
        DeviceBuffer buffer = queue.allocate(DataType.F32, values.length);
        queue.upload(buffer, values);
        return buffer;
    }

    @Override
    public Buffer upload(int[] values) {
        DeviceBuffer buffer = queue.allocate(DataType.I32, values.length);
        queue.upload(buffer, values);
        buffer.memory().keepUploaded(values.clone());
        return buffer;
    }

    @Override
    public void download(NdArray array, float[] out, int at) {
        queue.download(array, out, at);
    }

    @Override
    public void download(NdArray array, int[] out, int at) {
        int[] uploaded = Arguments.buffer(array).memory().uploaded();
        if (uploaded != null) {
            System.arraycopy(uploaded, Arguments.start(array), out, at, array.elements());
        } else {
            queue.download(array, out, at);
        }
    }

    /// The queue, for tests that count what crosses the bus.
    Queue queue() {
        return queue;
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
    public void close() {
        queue.close();
    }
}
