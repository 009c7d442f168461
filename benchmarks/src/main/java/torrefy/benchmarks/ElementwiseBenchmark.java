package torrefy.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import torrefy.core.backend.BinaryFunction;
import torrefy.core.backend.UnaryFunction;
import torrefy.core.memory.NdArray;

/// Functions of 2048 × 1024 elements: the inside of a feed-forward layer at width 256.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class ElementwiseBenchmark {

    private NdArray a;
    private NdArray b;
    private NdArray bias;
    private NdArray out;
    private NdArray dIn;

    @Setup
    public void fill(Machine machine) {
        a = machine.normal(2048, 1024);
        b = machine.normal(2048, 1024);
        out = machine.zeros(2048, 1024);
        dIn = machine.zeros(2048, 1024);
        NdArray row = machine.normal(1024);
        bias = row.with(row.layout().broadcastTo(out.shape()));
        gelu(machine);
    }

    @Benchmark
    public NdArray gelu(Machine machine) {
        machine.kernels.elementwise().unary(UnaryFunction.GELU_TANH, out, a);
        return machine.computed(out);
    }

    @Benchmark
    public NdArray geluGradient(Machine machine) {
        machine.kernels.elementwise().unaryGradient(UnaryFunction.GELU_TANH, dIn, a, out, b, false);
        return machine.computed(dIn);
    }

    @Benchmark
    public NdArray add(Machine machine) {
        machine.kernels.elementwise().binary(BinaryFunction.ADD, out, a, b);
        return machine.computed(out);
    }

    @Benchmark
    public NdArray addBias(Machine machine) {
        machine.kernels.elementwise().binary(BinaryFunction.ADD, out, a, bias);
        return machine.computed(out);
    }
}
