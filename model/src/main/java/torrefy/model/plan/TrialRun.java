package torrefy.model.plan;

import java.util.Random;
import torrefy.core.backend.Backend;
import torrefy.core.memory.Arena;
import torrefy.model.architecture.Transformer;
import torrefy.model.optimizer.AdamW;
import torrefy.model.optimizer.Schedule;
import torrefy.model.training.Batches;
import torrefy.model.training.RunLength;
import torrefy.model.training.TokenSource;
import torrefy.model.training.Trainer;
import torrefy.model.training.TrainingListener;
import torrefy.model.training.TrainingSettings;

/// Training on random tokens: for its time and memory, not for its model.
final class TrialRun {

    private static final int TOKENS = 1 << 18;

    private final StepSetup setup;
    private final Trainer trainer;

    TrialRun(StepSetup setup, Backend backend, RunLength length) {
        this.setup = setup;
        TrainingSettings settings = new TrainingSettings(
                length,
                // The learning rate of a model does not matter to its speed, unless its numbers run away.
                new Schedule(1e-4f, 0, 1),
                AdamW.Settings.standard(),
                1.0,
                setup.accumulation(),
                1,
                setup.recompute());
        this.trainer = new Trainer(
                new Transformer(setup.config(), backend, 1, setup.storage()), settings, new Arena(backend::allocate));
    }

    void train(TrainingListener listener) {
        trainer.train(new Batches(random(), setup.sequences(), setup.length(), 1), listener);
    }

    /// Ends it after the step that is being taken.
    void stop() {
        trainer.stop();
    }

    private TokenSource random() {
        int least = setup.length() * (setup.sequences() + 1) + 1;
        return TokenSource.of(new Random(1)
                .ints(Math.max(TOKENS, least), 0, setup.config().vocabulary())
                .toArray());
    }
}
