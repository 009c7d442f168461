package torrefy.model.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import torrefy.core.backend.Backend;
import torrefy.core.memory.Arena;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.evaluation.Evaluator;
import torrefy.model.optimizer.AdamW;
import torrefy.model.optimizer.Schedule;
import torrefy.model.plan.FittedLaw.Point;
import torrefy.model.training.Batches;
import torrefy.model.training.RunLength;
import torrefy.model.training.TokenSource;
import torrefy.model.training.Trainer;
import torrefy.model.training.TrainingSettings;

/// Small models of three sizes trained on the user's own text, each twice: how their losses fall with size and with
/// text is what a [FittedLaw] goes on from.
///
/// Every run has a learning rate that rises and falls over its own length, because a run that is broken off is worse
/// than a short one: Hoffmann et al., arXiv 2203.15556, section 3.1.
public final class Ladder {

    /// Widths of the three sizes: 3 to 27 times as many parameters in layers.
    private static final int[] WIDTHS = {64, 128, 192};

    /// Each size is trained for one share of the time, and for three.
    private static final int[] SHARES = {1, 3};

    /// A step's, if that is not too many sequences.
    private static final int STEP_TOKENS = 2048;

    private static final int MOST_SEQUENCES = 32;
    private static final long VALIDATION_TOKENS = 16_384;

    private final Backend backend;
    private final TokenSource training;
    private final TokenSource validation;
    private final ModelSizes sizes;

    /// @param training text
    /// @param validation text that is held out
    /// @param sizes of the models
    public Ladder(Backend backend, TokenSource training, TokenSource validation, ModelSizes sizes) {
        this.backend = backend;
        this.training = training;
        this.validation = validation;
        this.sizes = sizes;
    }

    /// Trains all six in about `budget`, each for a step at least.
    ///
    /// @param listener hears of each run when it is over
    public List<Point> climb(Duration budget, Consumer<Point> listener) {
        List<Point> points = new ArrayList<>();
        Duration share =
                budget.dividedBy((long) WIDTHS.length * Arrays.stream(SHARES).sum());
        for (int width : WIDTHS) {
            TransformerConfig config = sizes.ofWidth(width).orElseThrow();
            for (int shares : SHARES) {
                Point point = run(config, share.multipliedBy(shares));
                listener.accept(point);
                points.add(point);
            }
        }
        return points;
    }

    private Batches batches(TransformerConfig config) {
        return new Batches(training, sequences(config), config.context(), 1);
    }

    private static int sequences(TransformerConfig config) {
        return Math.clamp(STEP_TOKENS / config.context(), 1, MOST_SEQUENCES);
    }

    private Point run(TransformerConfig config, Duration time) {
        Transformer model = new Transformer(config, backend, 1);
        Arena arena = new Arena(backend::allocate);
        TrainingSettings settings = new TrainingSettings(
                RunLength.until(System.nanoTime() + time.toNanos()),
                new Schedule(ModelSizes.learningRate(config.width()), 0.1f, 0.1f),
                new AdamW.Settings(0.9f, 0.99f, 1e-8f, 0.1f),
                1.0,
                1,
                1,
                false);
        Trainer trainer = new Trainer(model, settings, arena);
        trainer.train(batches(config));
        Evaluator evaluator = new Evaluator(model, sequences(config), config.context(), arena);
        double loss = evaluator.evaluate(validation, 1, VALIDATION_TOKENS).loss();
        return new Point(config.parameters(), trainer.state().tokens(), loss);
    }
}
