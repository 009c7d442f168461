package torrefy.kernels.opencl;

import java.time.Duration;
import java.util.Optional;
import torrefy.core.backend.ArrayMemory;
import torrefy.core.backend.AttentionKernels;
import torrefy.core.backend.Backend;
import torrefy.core.backend.CrossEntropyKernels;
import torrefy.core.backend.ElementwiseKernels;
import torrefy.core.backend.IndexKernels;
import torrefy.core.backend.MatmulKernels;
import torrefy.core.backend.NormalizationKernels;
import torrefy.core.backend.OptimizerKernels;
import torrefy.core.backend.Precision;
import torrefy.core.backend.RandomKernels;
import torrefy.core.backend.ReductionKernels;
import torrefy.core.backend.RotaryKernels;
import torrefy.core.backend.SoftmaxKernels;
import torrefy.core.memory.Buffer;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;

/// The vocabulary in OpenCL C, in the memory of one device.
public final class OpenClBackend implements Backend {

    /// How matrices are multiplied, where it is not as everywhere.
    private final String products;
    private final Queue queue;
    private final int threads;
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

    /// @param threads of the host, for what is done there
    OpenClBackend(Device device, int threads) {
        this(device, threads, Precision.F32);
    }

    /// @param threads of the host, for what is done there
    /// @param precision of matrix products; `BF16` where [Bf16Door#whyClosed] has nothing to say against it
    /// @throws IllegalArgumentException if the device has no way to compute so
    OpenClBackend(Device device, int threads, Precision precision) {
        this(device, threads, precision, TunedTiles.ofUser());
    }

    /// @param tuned where the tiles of matrix products stand that are the fastest here, if they were measured
    OpenClBackend(Device device, int threads, Precision precision, TunedTiles tuned) {
        Optional<Bf16Door> door = precision == Precision.BF16 ? Optional.of(Bf16Door.open(device)) : Optional.empty();
        this.threads = threads;
        queue = new Queue(device);
        elementwise = new OpenClElementwise(queue);
        reduction = new OpenClReduction(queue);
        MatmulTiles tiles = tuned.tiles(device);
        matmul = door.map(open -> open.matmul(queue)).orElseGet(() -> new OpenClMatmul(queue, tiles));
        products = precision == Precision.BF16
                ? ", matrix products in bfloat16"
                : tiles.equals(DeviceClass.of(device).tiles(device))
                        ? ""
                        : ", products in tiles of " + tiles + ", tuned";
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
        return "opencl: " + queue.device().description() + products;
    }

    /// Those of the host; the device has its own.
    @Override
    public int threads() {
        return threads;
    }

    @Override
    public ArrayMemory memory() {
        return ArrayMemory.device(queue.device().memory(), queue.device().largestBuffer());
    }

    @Override
    public void finish() {
        queue.finish();
    }

    @Override
    public double measurePeak(Duration duration) {
        return DevicePeak.measure(queue, duration);
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
    public void upload(int[] values, NdArray out) {
        DeviceBuffer buffer = Arguments.buffer(out);
        queue.upload(buffer.slice(out.layout().offset(), values.length), values);
        boolean isWhole = Arguments.start(out) == 0 && values.length == buffer.length();
        if (isWhole) {
            buffer.memory().keepUploaded(values.clone());
        } else {
            buffer.memory().forgetUploaded();
        }
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

    Queue queue() {
        return queue;
    }

    /// How many times something was sent to the device so far.
    public long uploads() {
        return queue.uploads();
    }

    /// How many times something was read from the device so far.
    public long downloads() {
        return queue.downloads();
    }

    /// The bytes of the device's memory that are held now, to be collected or not.
    public long allocatedBytes() {
        return queue.allocatedBytes();
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
