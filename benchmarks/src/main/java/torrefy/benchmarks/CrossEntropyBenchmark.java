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

/// The loss of 2048 positions over a vocabulary of 4096.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class CrossEntropyBenchmark {

    private static final int N = 2048;
    private static final int V = 4096;

    private NdArray logits;
    private NdArray targets;
    private NdArray loss;
    private NdArray logSumExp;
    private NdArray dLoss;
    private NdArray dLogits;

    @Setup
    public void fill(Machine machine) {
        logits = machine.normal(N, V);
        targets = machine.indices(N, V);
        loss = machine.zeros(N);
        logSumExp = machine.zeros(N);
        dLoss = machine.normal(N);
        dLogits = machine.zeros(N, V);
        crossEntropy(machine);
    }

    @Benchmark
    public NdArray crossEntropy(Machine machine) {
        machine.kernels.crossEntropy().crossEntropy(loss, logSumExp, logits, targets, -1);
        return machine.computed(loss);
    }

    @Benchmark
    public NdArray crossEntropyGradient(Machine machine) {
        machine.kernels.crossEntropy().crossEntropyGradient(dLogits, dLoss, logits, logSumExp, targets, -1, false);
        return machine.computed(dLogits);
    }
}
