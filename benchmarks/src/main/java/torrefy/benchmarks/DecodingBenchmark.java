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
import torrefy.core.memory.NdArray;

/// Few rows times a weight, as when text is generated: what counts is how fast the weight is read. Each call takes
/// another
/// of several weights, more than caches hold, as the layers of a model are. The row `DecodingBenchmark.rows:gigabyte`
/// of
/// the report is GB/s of weights.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class DecodingBenchmark {

    private static final long BYTES_OF_WEIGHTS = 256L << 20;

    /// How many sequences are continued at once.
    @Param({"1", "4", "8", "16"})
    public int rows;

    /// `n × k` of the product `(rows, k) × (k, n)`, and whether the weight lies in memory as it is named (N) or
    /// transposed (T): GPT-2's feed-forward layer, up and down, and its output layer.
    @Param({"3072x768-N", "768x3072-N", "50257x768-T"})
    public String weight;

    private NdArray in;
    private NdArray out;
    private NdArray[] weights;
    private double gigabyteOfWeight;
    private int next;

    /// Bytes of weights, in units of 1e9. JMH divides them by the time.
    @AuxCounters
    @State(Scope.Thread)
    public static class Work {
        public double gigabyte;
    }

    @Setup
    public void fill(Machine machine) {
        String[] parts = weight.split("[x-]");
        int n = Integer.parseInt(parts[0]);
        int k = Integer.parseInt(parts[1]);
        in = machine.normal(rows, k);
        out = machine.zeros(rows, n);
        weights = new NdArray[(int) Math.ceilDiv(BYTES_OF_WEIGHTS, 4L * n * k)];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = parts[2].equals("N") ? machine.normal(k, n) : transposed(machine.normal(n, k));
        }
        gigabyteOfWeight = 4e-9 * n * k;
    }

    private static NdArray transposed(NdArray array) {
        return array.with(array.layout().transpose(0, 1));
    }

    @Benchmark
    public NdArray rows(Machine machine, Work work) {
        machine.kernels.matmul().matmul(out, in, weights[next], false);
        next = (next + 1) % weights.length;
        work.gigabyte += gigabyteOfWeight;
        return machine.computed(out);
    }
}
