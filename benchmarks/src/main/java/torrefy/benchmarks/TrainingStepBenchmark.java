package torrefy.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
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

/// A whole training step: forward, backward, clipping, AdamW. The row `TrainingStepBenchmark.step:tokens` of the
/// report is tokens/s.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 5, timeUnit = TimeUnit.SECONDS)
@Measurement(iterations = 3, time = 5, timeUnit = TimeUnit.SECONDS)
@Fork(1)
public class TrainingStepBenchmark {

    /// See [Workload#named]: also `gpt2`.
    @Param({"small", "mini"})
    public String model;

    private Workload workload;
    private Runnable step;

    /// Tokens trained on. JMH divides them by the time.
    @AuxCounters
    @State(Scope.Thread)
    public static class Work {
        public long tokens;
    }

    @Setup
    public void build(Machine machine) {
        workload = Workload.named(model);
        step = workload.step(machine.kernels);
    }

    @Benchmark
    public void step(Work work) {
        step.run();
        work.tokens += workload.tokensPerStep();
    }
}
