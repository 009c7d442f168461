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
import torrefy.core.random.RandomKey;

/// Random numbers for 2048 × 1024 elements.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class RandomBenchmark {

    private static final RandomKey KEY = RandomKey.of(5);

    private NdArray in;
    private NdArray out;

    @Setup
    public void fill(Machine machine) {
        in = machine.normal(2048, 1024);
        out = machine.zeros(2048, 1024);
    }

    @Benchmark
    public NdArray uniform(Machine machine) {
        machine.kernels.random().uniform(out, KEY);
        return machine.computed(out);
    }

    @Benchmark
    public NdArray normal(Machine machine) {
        machine.kernels.random().normal(out, KEY);
        return machine.computed(out);
    }

    @Benchmark
    public NdArray dropout(Machine machine) {
        machine.kernels.random().dropout(out, in, KEY, 0.1f, false);
        return machine.computed(out);
    }
}
