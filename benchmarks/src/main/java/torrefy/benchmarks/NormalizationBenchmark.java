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

/// Layer norm and RMS norm of 2048 positions with 256 channels.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class NormalizationBenchmark {

    private static final float EPSILON = 1e-5f;

    private NdArray in;
    private NdArray out;
    private NdArray mean;
    private NdArray rstd;
    private NdArray weight;
    private NdArray bias;
    private NdArray dOut;
    private NdArray dIn;
    private NdArray dWeight;
    private NdArray dBias;

    @Setup
    public void fill(Machine machine) {
        in = machine.normal(2048, 256);
        out = machine.zeros(2048, 256);
        mean = machine.zeros(2048);
        rstd = machine.zeros(2048);
        weight = machine.normal(256);
        bias = machine.normal(256);
        dOut = machine.normal(2048, 256);
        dIn = machine.zeros(2048, 256);
        dWeight = machine.zeros(256);
        dBias = machine.zeros(256);
        layerNorm(machine);
    }

    @Benchmark
    public NdArray layerNorm(Machine machine) {
        machine.kernels.normalization().layerNorm(out, mean, rstd, in, weight, bias, EPSILON);
        return machine.computed(out);
    }

    @Benchmark
    public NdArray layerNormGradient(Machine machine) {
        machine.kernels.normalization().layerNormGradient(dIn, dWeight, dBias, dOut, in, mean, rstd, weight, false);
        return machine.computed(dIn);
    }

    @Benchmark
    public NdArray rmsNorm(Machine machine) {
        machine.kernels.normalization().rmsNorm(out, rstd, in, weight, EPSILON);
        return machine.computed(out);
    }
}
