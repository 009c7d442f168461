package torrefy.kernels.scalar;

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
import torrefy.core.memory.HostBfloat16s;
import torrefy.core.memory.HostFloats;
import torrefy.core.memory.HostInts;
import torrefy.core.parallel.ParallelLoop;

/// The vocabulary in plain Java loops over arrays in the heap: what each kernel means, and what runs where nothing
/// faster does.
public final class ScalarBackend implements Backend {

    private final ParallelLoop loop;
    private final ScalarElementwise elementwise;
    private final ScalarReduction reduction;
    private final ScalarMatmul matmul;
    private final ScalarIndex index;
    private final ScalarSoftmax softmax;
    private final ScalarNormalization normalization;
    private final ScalarAttention attention;
    private final ScalarCrossEntropy crossEntropy;
    private final ScalarRotary rotary;
    private final ScalarRandom random;
    private final ScalarOptimizer optimizer;

    public ScalarBackend(int threads) {
        this(new ParallelLoop(threads));
    }

    /// With the threads of another backend, which takes from here what it does not do better itself.
    public ScalarBackend(ParallelLoop loop) {
        this.loop = loop;
        elementwise = new ScalarElementwise(loop);
        reduction = new ScalarReduction(loop);
        matmul = new ScalarMatmul(loop);
        index = new ScalarIndex(loop);
        softmax = new ScalarSoftmax(loop);
        normalization = new ScalarNormalization(loop);
        attention = new ScalarAttention(loop);
        crossEntropy = new ScalarCrossEntropy(loop);
        rotary = new ScalarRotary(loop);
        random = new ScalarRandom(loop);
        optimizer = new ScalarOptimizer(loop);
    }

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public String description() {
        return "scalar: plain loops, " + threads() + (threads() == 1 ? " thread" : " threads");
    }

    @Override
    public int threads() {
        return loop.threads();
    }

    @Override
    public Buffer allocate(DataType type, int length) {
        return switch (type) {
            case F32 -> HostFloats.zerosOnCacheLines(length);
            case BF16 -> HostBfloat16s.zerosOnCacheLines(length);
            case I32 -> HostInts.zeros(length);
        };
    }

    @Override
    public Buffer upload(float[] values) {
        return HostFloats.over(values);
    }

    @Override
    public Buffer upload(int[] values) {
        return HostInts.over(values);
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
        loop.close();
    }
}
