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

/// Reductions of 2048 × 1024 elements: by row, by column (the gradient of a bias) and to a single number (the
/// gradient's
/// norm).
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class ReductionBenchmark {

    private NdArray in;
    private NdArray rows;
    private NdArray columns;

    @Setup
    public void fill(Machine machine) {
        in = machine.normal(2048, 1024);
        rows = machine.zeros(2048, 1);
        columns = machine.zeros(1, 1024);
    }

    @Benchmark
    public NdArray sumOfRows(Machine machine) {
        machine.kernels.reduction().sum(rows, in, false);
        return machine.computed(rows);
    }

    @Benchmark
    public NdArray sumOfColumns(Machine machine) {
        machine.kernels.reduction().sum(columns, in, false);
        return machine.computed(columns);
    }

    @Benchmark
    public NdArray maxOfRows(Machine machine) {
        machine.kernels.reduction().max(rows, in);
        return machine.computed(rows);
    }

    @Benchmark
    public double sumOfSquares(Machine machine) {
        return machine.kernels.reduction().sumOfSquares(in);
    }

    @Benchmark
    public boolean allFinite(Machine machine) {
        return machine.kernels.reduction().allFinite(in);
    }
}
