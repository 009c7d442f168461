package torrefy.benchmarks;

import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import torrefy.core.backend.Backend;
import torrefy.core.backend.BackendSettings;
import torrefy.core.backend.Backends;
import torrefy.core.backend.Precision;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.ParallelLoop;
import torrefy.core.random.Distributions;
import torrefy.core.random.RandomKey;
import torrefy.core.shape.Shape;

/// The backend that is measured, and arrays in its memory.
@State(Scope.Benchmark)
public class Machine {

    /// Which column of the kernels; also `opencl`, where there is a device.
    @Param({"scalar", "vector"})
    public String backend;

    /// Threads that share the work; 0 for all processors.
    @Param("0")
    public int threads;

    /// Of matrix products; `BF16` where the device of `opencl` has instructions for it.
    @Param("F32")
    public Precision precision;

    Backend kernels;

    /// Threads of its own, as many, for loops that kernels are compared with.
    ParallelLoop loop;

    private long arrays;

    @Setup(Level.Trial)
    public void open() {
        int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        kernels = Backends.create(backend, new BackendSettings(count, null, precision));
        loop = new ParallelLoop(count);
    }

    @TearDown(Level.Trial)
    public void close() {
        kernels.close();
        loop.close();
    }

    /// An array of standard normal numbers, others each time.
    NdArray normal(int... sizes) {
        Shape shape = Shape.of(sizes);
        float[] values = new float[shape.elements()];
        Distributions.normal(RandomKey.of(1).derive(arrays++), values, 0, values.length);
        return NdArray.of(kernels.upload(values), shape);
    }

    /// An array of zeros, to be overwritten.
    NdArray zeros(int... sizes) {
        Shape shape = Shape.of(sizes);
        return NdArray.of(kernels.allocate(DataType.F32, shape.elements()), shape);
    }

    /// `count` whole numbers below `limit`.
    NdArray indices(int count, int limit) {
        return NdArray.of(kernels.upload(Workload.tokens(count, limit)), Shape.of(count));
    }

    /// `result` when it is there: a device only takes note of a call, and computes later.
    NdArray computed(NdArray result) {
        kernels.finish();
        return result;
    }
}
