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

    /// Memory, and the kernels that only move rows from place to place, which the JDK's array copies do best.
    private final ScalarBackend scalar;

    private final ParallelLoop loop;
    private final MatmulKernels matmul;

    public VectorBackend(int threads) {
        loop = new ParallelLoop(threads);
        scalar = new ScalarBackend(loop);
        matmul = new VectorMatmul(loop);
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
        return scalar.elementwise();
    }

    @Override
    public ReductionKernels reduction() {
        return scalar.reduction();
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
        return scalar.softmax();
    }

    @Override
    public NormalizationKernels normalization() {
        return scalar.normalization();
    }

    @Override
    public AttentionKernels attention() {
        return scalar.attention();
    }

    @Override
    public CrossEntropyKernels crossEntropy() {
        return scalar.crossEntropy();
    }

    @Override
    public RotaryKernels rotary() {
        return scalar.rotary();
    }

    @Override
    public RandomKernels random() {
        return scalar.random();
    }

    @Override
    public OptimizerKernels optimizer() {
        return scalar.optimizer();
    }

    @Override
    public void close() {
        loop.close();
    }
}
