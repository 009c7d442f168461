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
import torrefy.core.memory.NdArray;

/// Softmax over 2048 rows of 1024.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class SoftmaxBenchmark {

    private NdArray in;
    private NdArray out;
    private NdArray dOut;
    private NdArray dIn;

    @Setup
    public void fill(Machine machine) {
        in = machine.normal(2048, 1024);
        out = machine.zeros(2048, 1024);
        dOut = machine.normal(2048, 1024);
        dIn = machine.zeros(2048, 1024);
        machine.kernels.softmax().softmax(out, in);
    }

    @Benchmark
    public NdArray softmax(Machine machine) {
        machine.kernels.softmax().softmax(out, in);
        return machine.computed(out);
    }

    @Benchmark
    public NdArray softmaxGradient(Machine machine) {
        machine.kernels.softmax().softmaxGradient(dIn, out, dOut, false);
        return machine.computed(dIn);
    }
}
