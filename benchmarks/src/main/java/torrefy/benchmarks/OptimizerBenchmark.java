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
import torrefy.core.backend.OptimizerKernels.AdamWStep;
import torrefy.core.memory.NdArray;

/// One AdamW step for 4 million parameters.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class OptimizerBenchmark {

    private static final int PARAMETERS = 4_000_000;
    private static final AdamWStep STEP = new AdamWStep(1e-4f, 0.9f, 0.95f, 1e-8f, 0.1f, 1f, 100);

    private NdArray weights;
    private NdArray gradient;
    private NdArray m;
    private NdArray v;

    @Setup
    public void fill(Machine machine) {
        weights = machine.normal(PARAMETERS);
        gradient = machine.normal(PARAMETERS);
        m = machine.zeros(PARAMETERS);
        v = machine.zeros(PARAMETERS);
    }

    @Benchmark
    public NdArray adamW(Machine machine) {
        machine.kernels.optimizer().adamW(weights, gradient, m, v, STEP);
        return weights;
    }
}
