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
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The first steps of a fresh JVM, one by one: iteration n of the report is step n, and the first also makes the model.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 8)
@Fork(3)
public class StartUpBenchmark {

    /// As in [TrainingStepBenchmark].
    @Param("mini")
    public String model;

    private Runnable step;

    @Benchmark
    public void step(Machine machine) {
        if (step == null) {
            step = Workload.named(model).step(machine.kernels);
        }
        step.run();
    }
}
