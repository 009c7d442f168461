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

/// One AdamW step for 124 million parameters, as many as GPT-2 has, and its gradient's norm, beside what memory can do:
/// a plain loop that multiplies four such arrays in place, which reads and writes the same bytes.
///
/// The step reads and writes weights, gradient and both moments: 32 bytes a parameter.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1, timeUnit = TimeUnit.SECONDS)
@Measurement(iterations = 5, time = 1, timeUnit = TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx3g")
public class OptimizerBenchmark {

    private static final int PARAMETERS = 124_439_808;
    private static final int PIECE = 1 << 16;
    private static final AdamWStep STEP = new AdamWStep(1e-4f, 0.9f, 0.95f, 1e-8f, 0.1f, 1f, 100);

    /// A model's arrays, in the backend's memory.
    @State(Scope.Benchmark)
    public static class Model {

        private NdArray weights;
        private NdArray gradient;
        private NdArray m;
        private NdArray v;

        @Setup
        public void fill(Machine machine) {
            weights = machine.zeros(PARAMETERS);
            gradient = machine.zeros(PARAMETERS);
            machine.kernels.elementwise().fill(weights, 0.01f);
            m = machine.zeros(PARAMETERS);
            v = machine.zeros(PARAMETERS);
        }
    }

    /// As many, in the Java heap.
    @State(Scope.Benchmark)
    public static class Plain {
        private final float[] a = new float[PARAMETERS];
        private final float[] b = new float[PARAMETERS];
        private final float[] c = new float[PARAMETERS];
        private final float[] d = new float[PARAMETERS];
    }

    @Benchmark
    public NdArray adamW(Machine machine, Model model) {
        machine.kernels.optimizer().adamW(model.weights, model.gradient, model.m, model.v, STEP);
        return machine.computed(model.weights);
    }

    @Benchmark
    public double norm(Machine machine, Model model) {
        return machine.kernels.reduction().sumOfSquares(model.gradient);
    }

    /// The measure: memory traffic of a step without its arithmetic.
    @Benchmark
    public Plain fourArraysInPlace(Machine machine, Plain plain) {
        machine.loop.run(Math.ceilDiv(PARAMETERS, PIECE), (piece, worker) -> {
            int from = piece * PIECE;
            multiply(plain.a, plain.b, plain.c, plain.d, from, from + Math.min(PIECE, PARAMETERS - piece * PIECE));
        });
        return plain;
    }

    private static void multiply(float[] a, float[] b, float[] c, float[] d, int from, int to) {
        for (int i = from; i < to; i++) {
            a[i] = a[i] * 1.0001f;
            b[i] = b[i] * 1.0001f;
            c[i] = c[i] * 1.0001f;
            d[i] = d[i] * 1.0001f;
        }
    }
}
