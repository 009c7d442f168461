package torrefy.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import torrefy.core.backend.RotaryKernels.Pairing;
import torrefy.core.memory.NdArray;

/// Rotary positions for the queries of 8 sequences of 256 positions with 8 heads of size 32.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class RotaryBenchmark {

    private static final int T = 256;
    private static final int D = 32;

    /// Which elements of a head are turned together.
    @Param({"HALVES", "NEIGHBOURS"})
    public Pairing pairing;

    private NdArray in;
    private NdArray out;
    private NdArray cos;
    private NdArray sin;

    @Setup
    public void fill(Machine machine) {
        in = machine.normal(8, 8, T, D);
        out = machine.zeros(8, 8, T, D);
        cos = machine.normal(T, D / 2);
        sin = machine.normal(T, D / 2);
    }

    @Benchmark
    public NdArray rotate(Machine machine) {
        machine.kernels.rotary().rotate(out, in, cos, sin, pairing, false);
        return machine.computed(out);
    }
}
