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

/// The rows of 2048 tokens out of a table of 4096 × 256, and their gradients added to it.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class IndexBenchmark {

    private static final int N = 2048;
    private static final int V = 4096;
    private static final int C = 256;

    private NdArray table;
    private NdArray indices;
    private NdArray rows;

    @Setup
    public void fill(Machine machine) {
        table = machine.normal(V, C);
        indices = machine.indices(N, V);
        rows = machine.zeros(N, C);
    }

    @Benchmark
    public NdArray gatherRows(Machine machine) {
        machine.kernels.index().gatherRows(rows, table, indices);
        return machine.computed(rows);
    }

    @Benchmark
    public NdArray scatterAddRows(Machine machine) {
        machine.kernels.index().scatterAddRows(table, indices, rows);
        return machine.computed(table);
    }

    @Benchmark
    public int firstOutOfRange(Machine machine) {
        return machine.kernels.index().firstOutOfRange(indices, V, -1);
    }
}
