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
import torrefy.model.architecture.Gpt;
import torrefy.model.architecture.GptConfig;
import torrefy.model.training.Batches;
import torrefy.model.training.RunLength;
import torrefy.model.training.TokenSource;
import torrefy.model.training.Trainer;
import torrefy.model.training.TrainingSettings;

/// A whole training step: forward, backward, clipping, AdamW. The row `TrainingStepBenchmark.step:tokens` of the report
/// is
/// tokens/s.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 5, timeUnit = TimeUnit.SECONDS)
@Measurement(iterations = 3, time = 5, timeUnit = TimeUnit.SECONDS)
@Fork(1)
public class TrainingStepBenchmark {

    /// `small` is the quickstart's model and batch, `mini` about three times its size; `tiny` only shows that a step
    /// runs.
    @Param({"small", "mini"})
    public String model;

    private Trainer trainer;
    private Batches batches;

    /// Tokens trained on. JMH divides them by the time.
    @AuxCounters
    @State(Scope.Thread)
    public static class Work {
        public long tokens;
    }

    @Setup
    public void build(Machine machine) {
        build(machine, config(model), sequences(model));
    }

    static GptConfig config(String model) {
        return switch (model) {
            case "tiny" -> new GptConfig(64, 16, 1, 2, 32);
            case "small" -> new GptConfig(4096, 256, 4, 4, 256);
            case "mini" -> new GptConfig(4096, 256, 6, 6, 384);
            default -> throw new IllegalArgumentException("no model is called '" + model + "'");
        };
    }

    static int sequences(String model) {
        return switch (model) {
            case "tiny" -> 2;
            case "small" -> 8;
            default -> 16;
        };
    }

    private void build(Machine machine, GptConfig config, int sequences) {
        NdArray tokens = machine.indices((sequences + 1) * config.context() + 1, config.vocabulary());
        batches = new Batches(TokenSource.of(tokens.ints()), sequences, config.context(), 1);
        // A run of one step, again and again.
        trainer =
                new Trainer(new Gpt(config, machine.kernels, 1), TrainingSettings.standard(RunLength.steps(1), 3e-4f));
    }

    @Benchmark
    public Trainer step(Work work) {
        trainer.train(batches);
        work.tokens += batches.tokensPerBatch();
        return trainer;
    }
}
