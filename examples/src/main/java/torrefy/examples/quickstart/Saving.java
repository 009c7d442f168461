package torrefy.examples.quickstart;

import java.util.Map;
import torrefy.model.checkpoint.CheckpointWriter;
import torrefy.model.checkpoint.RunFacts;
import torrefy.model.training.Trainer;

/// When the quickstart saves a checkpoint, and what it puts in beside the trainer's own.
final class Saving implements AutoCloseable {

    /// The attached file with the metrics so far.
    static final String METRICS = "metrics.jsonl";

    private final Integer every;
    private final Trainer trainer;
    private final RunClock clock;
    private final MetricsFile metrics;
    private final String goOn;
    private final CheckpointWriter writer;
    private int savedStep = -1;

    /// @param every steps between two checkpoints; null for one whenever held-out text was looked at
    /// @param goOn the command by which the user goes on
    Saving(
            RunFolder folder,
            Integer every,
            Trainer trainer,
            RunFacts facts,
            RunClock clock,
            MetricsFile metrics,
            String goOn) {
        this.goOn = goOn;
        this.every = every;
        this.trainer = trainer;
        this.clock = clock;
        this.metrics = metrics;
        this.writer =
                new CheckpointWriter(folder.checkpoints(), RunFolder.NEWEST_KEPT, trainer, facts, System.out::println);
    }

    /// Whether the run is to be saved after this step whatever else happens.
    boolean isDue(int step) {
        return every != null && step % every == 0;
    }

    /// Whether it is to be saved because held-out text was looked at.
    boolean followsValidation() {
        return every == null;
    }

    /// Saves the run as it stands; it is on the disk a little later.
    ///
    /// @param validationLoss after this step; NaN if it was not measured
    void save(double validationLoss) {
        savedStep = trainer.state().step();
        writer.save(validationLoss, clock.notes(), Map.of(METRICS, metrics.bytes()));
    }

    /// Makes sure that the run is on the disk as it stands. If it is not over, says how to go on.
    void finish(boolean isOver) {
        int step = trainer.state().step();
        if (savedStep != step) {
            save(Double.NaN);
        }
        boolean isSaved = writer.flush();
        if (!isOver) {
            System.out.println((isSaved ? "saved after step " + step + "; to go on:" : "to go on where it was saved:")
                    + System.lineSeparator() + "  " + goOn);
        }
    }

    @Override
    public void close() {
        writer.close();
    }
}
