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
import torrefy.model.architecture.Gpt;
import torrefy.model.architecture.GptConfig;
import torrefy.model.training.Batches;
import torrefy.model.training.RunLength;
import torrefy.model.training.TokenSource;
import torrefy.model.training.Trainer;
import torrefy.model.training.TrainingSettings;

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

    private Trainer trainer;
    private Batches batches;

    @Benchmark
    public Trainer step(Machine machine) {
        if (trainer == null) {
            GptConfig config = TrainingStepBenchmark.config(model);
            int sequences = TrainingStepBenchmark.sequences(model);
            int[] tokens = machine.indices((sequences + 1) * config.context() + 1, config.vocabulary())
                    .ints();
            batches = new Batches(TokenSource.of(tokens), sequences, config.context(), 1);
            Gpt gpt = new Gpt(config, machine.kernels, 1);
            trainer = new Trainer(gpt, TrainingSettings.standard(RunLength.steps(1), 3e-4f));
        }
        trainer.train(batches);
        return trainer;
    }
}
