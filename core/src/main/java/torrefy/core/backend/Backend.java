package torrefy.core.backend;

import java.time.Duration;
import torrefy.core.memory.Buffer;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.FmaPeak;

/// One way to compute: a memory and the whole vocabulary of kernels over it.
///
/// The vocabulary is cut into families, one interface each. A family's interface is its contract: formula, shapes,
/// strides, who may alias whom. Kernels check nothing but trust their caller, the tensor library, which checks once.
/// An operation has happened, as far as the caller can tell, when its method returns.
public interface Backend extends AutoCloseable {

    /// The short name by which users choose it: `scalar`, `vector`.
    String name();

    /// One line for people: what it runs on, and how wide.
    String description();

    /// How many threads share the work.
    int threads();

    /// Where its arrays lie. This body serves backends in the Java heap.
    default ArrayMemory memory() {
        return ArrayMemory.heap();
    }

    /// A buffer of zeros.
    Buffer allocate(DataType type, int length);

    /// A buffer of this backend's memory that holds `values`; a backend in the Java heap may share the array.
    Buffer upload(float[] values);

    /// A buffer of this backend's memory that holds `values`; a backend in the Java heap may share the array.
    Buffer upload(int[] values);

    /// Copies `values` into a contiguous `I32` array of as many elements. This body serves buffers in the Java heap.
    default void upload(int[] values, NdArray out) {
        System.arraycopy(values, 0, out.ints(), out.start(), values.length);
    }

    /// Copies a contiguous `F32` array to `out[at]` and on. This body serves buffers in the Java heap.
    default void download(NdArray array, float[] out, int at) {
        System.arraycopy(array.floats(), array.start(), out, at, array.elements());
    }

    /// Copies a contiguous `I32` array to `out[at]` and on. This body serves buffers in the Java heap.
    default void download(NdArray array, int[] out, int at) {
        System.arraycopy(array.ints(), array.start(), out, at, array.elements());
    }

    /// Waits until everything that was asked for so far has been computed: a device takes work and computes it later.
    /// Results need no such call, since whoever reads one waits for it; whoever looks at the clock does. This body
    /// serves backends whose kernels have computed when they return.
    default void finish() {}

    /// The most FLOP/s that `F32` multiply-adds reach here, measured for about as long as asked. This body measures the
    /// processor, with as many threads as this backend has.
    default double measurePeak(Duration duration) {
        return FmaPeak.measure(threads(), duration);
    }

    ElementwiseKernels elementwise();

    ReductionKernels reduction();

    MatmulKernels matmul();

    IndexKernels index();

    SoftmaxKernels softmax();

    NormalizationKernels normalization();

    AttentionKernels attention();

    CrossEntropyKernels crossEntropy();

    RotaryKernels rotary();

    RandomKernels random();

    OptimizerKernels optimizer();

    /// Ends the threads and frees what is not the Java heap's.
    @Override
    void close();
}
