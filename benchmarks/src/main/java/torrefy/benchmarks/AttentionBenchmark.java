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
import torrefy.core.shape.Layout;
import torrefy.core.shape.Shape;

/// Causal attention over 8 sequences of 256 positions with 8 heads of size 32, read where a joint projection to
/// queries, keys and values of width 3 × 256 left them.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class AttentionBenchmark {

    private static final int B = 8;
    private static final int H = 8;
    private static final int T = 256;
    private static final int D = 32;
    private static final float SCALE = (float) (1 / Math.sqrt(D));

    private NdArray q;
    private NdArray k;
    private NdArray v;
    private NdArray out;
    private NdArray logSumExp;
    private NdArray dOut;
    private NdArray dQ;
    private NdArray dK;
    private NdArray dV;

    @Setup
    public void fill(Machine machine) {
        NdArray projection = machine.normal(B, T, 3, H, D);
        q = heads(projection, 0);
        k = heads(projection, 1);
        v = heads(projection, 2);
        NdArray dProjection = machine.zeros(B, T, 3, H, D);
        dQ = heads(dProjection, 0);
        dK = heads(dProjection, 1);
        dV = heads(dProjection, 2);
        out = machine.zeros(B, H, T, D);
        logSumExp = machine.zeros(B, H, T);
        dOut = machine.normal(B, H, T, D);
        forward(machine);
    }

    /// One third of `(B, T, 3, H, D)`, seen as `(B, H, T, D)`.
    private static NdArray heads(NdArray projection, int third) {
        Layout layout = projection.layout().slice(2, third, 1).permute(2, 0, 3, 1, 4);
        return projection.with(layout.reshape(Shape.of(B, H, T, D)));
    }

    @Benchmark
    public NdArray forward(Machine machine) {
        machine.kernels.attention().causalAttention(out, logSumExp, q, k, v, SCALE);
        return machine.computed(out);
    }

    @Benchmark
    public NdArray gradient(Machine machine) {
        machine.kernels.attention().causalAttentionGradient(dQ, dK, dV, dOut, out, logSumExp, q, k, v, SCALE);
        return machine.computed(dQ);
    }
}
