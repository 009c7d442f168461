package torrefy.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.model.architecture.Transformer;
import torrefy.model.checkpoint.CheckpointFolder;
import torrefy.model.checkpoint.CheckpointWriter;
import torrefy.model.checkpoint.RunFacts;
import torrefy.model.training.Batches;
import torrefy.model.training.RunLength;
import torrefy.model.training.StepReport;
import torrefy.model.training.TokenSource;
import torrefy.model.training.Trainer;
import torrefy.model.training.TrainingListener;
import torrefy.model.training.TrainingSettings;

/// What a checkpoint costs a run: how long its copy holds up the steps, how long it is being written, and by how much
/// the steps beside that are slower. Steps with and without take turns, so that both meet the same machine.
///
/// ```shell
/// mvn -q -Pcheckpoint -pl benchmarks -am compile exec:exec -Dcheckpoint.args="gpt2 /some/folder"
/// ```
///
/// The arguments are a [Workload]'s name, `gpt2` if there is none, and a folder with room for some gigabytes, a
/// temporary one if there is none.
final class CheckpointBesideSteps implements TrainingListener {

    private static final int WARM_UP = 4;
    private static final int CHECKPOINTS = 3;

    /// Steps measured without a checkpoint before each.
    private static final int ALONE = 6;

    private final CheckpointWriter writer;
    private final Trainer trainer;
    private final List<Double> alone = new ArrayList<>();
    private final List<Double> beside = new ArrayList<>();
    private final List<Double> copies = new ArrayList<>();
    private final List<Double> writes = new ArrayList<>();
    private int waiting = WARM_UP;
    private boolean wasWriting;
    private long began;

    private CheckpointBesideSteps(CheckpointWriter writer, Trainer trainer) {
        this.writer = writer;
        this.trainer = trainer;
    }

    public static void main(String[] arguments) throws IOException {
        Workload workload = Workload.named(arguments.length > 0 ? arguments[0] : "gpt2");
        Path folder = arguments.length > 1 ? Path.of(arguments[1]) : Files.createTempDirectory("torrefy-checkpoints");
        try (Backend backend = Backends.standard()) {
            int[] tokens = Workload.tokens(
                    (workload.sequences() + 1) * workload.length() + 1,
                    workload.config().vocabulary());
            Batches batches = new Batches(TokenSource.of(tokens), workload.sequences(), workload.length(), 1);
            Trainer trainer = new Trainer(
                    new Transformer(workload.config(), backend, 1),
                    TrainingSettings.standard(RunLength.steps(Integer.MAX_VALUE), 3e-4f));
            try (CheckpointWriter writer = new CheckpointWriter(
                    new CheckpointFolder(folder), 1, trainer, RunFacts.of(trainer, batches), System.out::println)) {
                CheckpointBesideSteps cost = new CheckpointBesideSteps(writer, trainer);
                trainer.train(batches, cost);
                cost.print();
            }
        }
        System.out.println("the last one is in " + folder);
    }

    /// Counts a step as beside a checkpoint if that was written from its beginning to its end, and leaves out the one
    /// in which it came to its end.
    @Override
    public void onStep(StepReport report) {
        boolean isWriting = writer.isWriting();
        double seconds = report.stepTime().toNanos() / 1e9;
        if (wasWriting && isWriting) {
            beside.add(seconds);
        } else if (wasWriting) {
            writes.add((System.nanoTime() - began) / 1e9);
            waiting = ALONE;
        } else if (waiting-- <= ALONE) {
            alone.add(seconds);
        }
        wasWriting = isWriting;
        if (waiting <= 0 && !isWriting) {
            if (copies.size() == CHECKPOINTS) {
                trainer.stop();
                return;
            }
            save();
        }
    }

    private void save() {
        long start = System.nanoTime();
        writer.save(Double.NaN, Map.of(), Map.of());
        copies.add((System.nanoTime() - start) / 1e9);
        wasWriting = true;
        began = start;
    }

    private void print() {
        double without = median(alone);
        double with = median(beside);
        System.out.printf(Locale.ROOT, "a checkpoint has %d MB%n", writer.imageBytes() >> 20);
        System.out.printf(Locale.ROOT, "the copy holds up the steps for %.3f s%n", median(copies));
        System.out.printf(Locale.ROOT, "it is on the disk after %.2f s%n", median(writes));
        System.out.printf(
                Locale.ROOT,
                "a step takes %.3f s alone (%d of them), %.3f s beside a checkpoint (%d): %+.1f %%%n",
                without,
                alone.size(),
                with,
                beside.size(),
                100 * (with / without - 1));
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElse(Double.NaN);
    }
}
