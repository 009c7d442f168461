package torrefy.kernels.vector;

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
import torrefy.core.parallel.ParallelLoop;
import torrefy.kernels.scalar.ScalarBackend;

/// The vocabulary in SIMD, by the JDK's Vector API, over arrays in the Java heap.
public final class VectorBackend implements Backend {

    /// Memory, the kernels that only move rows to computed places, and parts of other families.
    private final ScalarBackend scalar;

    private final ParallelLoop loop;
    private final ElementwiseKernels elementwise;
    private final ReductionKernels reduction;
    private final MatmulKernels matmul;
    private final SoftmaxKernels softmax;
    private final NormalizationKernels normalization;
    private final AttentionKernels attention;
    private final CrossEntropyKernels crossEntropy;
    private final RotaryKernels rotary;
    private final RandomKernels random;
    private final OptimizerKernels optimizer;

    public VectorBackend(int threads) {
        loop = new ParallelLoop(threads);
        scalar = new ScalarBackend(loop);
        elementwise = new VectorElementwise(loop, scalar.elementwise());
        reduction = new VectorReduction(loop, scalar.reduction());
        matmul = new VectorMatmul(loop);
        softmax = new VectorSoftmax(loop);
        normalization = new VectorNormalization(loop);
        attention = new VectorAttention(loop);
        crossEntropy = new VectorCrossEntropy(loop);
        rotary = new VectorRotary(loop, scalar.rotary());
        random = new VectorRandom(loop, scalar.random());
        optimizer = new VectorOptimizer(loop);
    }

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public String description() {
        return "vector: SIMD of " + Lanes.COUNT + " floats, " + threads() + (threads() == 1 ? " thread" : " threads");
    }

    @Override
    public int threads() {
        return loop.threads();
    }

    @Override
    public Buffer allocate(DataType type, int length) {
        return scalar.allocate(type, length);
    }

    @Override
    public Buffer upload(float[] values) {
        return scalar.upload(values);
    }

    @Override
    public Buffer upload(int[] values) {
        return scalar.upload(values);
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
        return scalar.index();
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
