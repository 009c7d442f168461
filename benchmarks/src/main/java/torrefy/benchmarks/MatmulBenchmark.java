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

/// Matrix products `(m, k) × (k, n)`. The row `MatmulBenchmark.matmul:gigaflop` of the report is GFLOP/s, at 2·m·n·k
/// floating-point operations a product.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class MatmulBenchmark {

    /// `m × n × k`, and for each operand whether it lies in memory as it is named (N) or transposed (T).
    ///
    /// A square; then, for 2048 tokens at width 256, the feed-forward layer's way up, forward (NN), the gradient of its
    /// input (NT) and of its weight (TN); its way down; and the head over a vocabulary of 4096, whose weight is the
    /// token table.
    @Param({
        "512x512x512-NN",
        "2048x1024x256-NN",
        "2048x1024x256-NT",
        "2048x1024x256-TN",
        "2048x256x1024-NN",
        "2048x4096x256-NT"
    })
    public String shape;

    private NdArray out;
    private NdArray a;
    private NdArray b;
    private double gigaflopPerProduct;

    /// Floating-point operations, in units of 1e9. JMH divides it by the time.
    @AuxCounters
    @State(Scope.Thread)
    public static class Work {
        public double gigaflop;
    }

    @Setup
    public void fill(Machine machine) {
        ProductShape product = ProductShape.parse(shape);
        int m = product.m();
        int n = product.n();
        int k = product.k();
        out = machine.zeros(m, n);
        a = product.transposeA() ? transposed(machine.normal(k, m)) : machine.normal(m, k);
        b = product.transposeB() ? transposed(machine.normal(n, k)) : machine.normal(k, n);
        gigaflopPerProduct = product.flops() * 1e-9;
    }

    private static NdArray transposed(NdArray array) {
        return array.with(array.layout().transpose(0, 1));
    }

    @Benchmark
    public NdArray matmul(Machine machine, Work work) {
        machine.kernels.matmul().matmul(out, a, b, false);
        work.gigaflop += gigaflopPerProduct;
        return machine.computed(out);
    }
}
