package torrefy.model.plan;

import java.time.Duration;
import java.util.ArrayList;
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

    /// How many times as long a size is trained the second time.
    private static final int LONGER = 3;

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

    /// Trains all six in about `budget`: each size until its share is over, for a step at least, and then for
    /// three times as many steps.
    ///
    /// @param listener hears of each run when it is over
    public List<Point> climb(Duration budget, Consumer<Point> listener) {
        List<Point> points = new ArrayList<>();
        Duration share = budget.dividedBy((1 + LONGER) * WIDTHS.length);
        for (int width : WIDTHS) {
            TransformerConfig config = sizes.ofWidth(width).orElseThrow();
            Point first = run(config, RunLength.until(System.nanoTime() + share.toNanos()));
            listener.accept(first);
            int steps = (int) (first.tokens() / sequences(config) / config.context());
            Point second = run(config, RunLength.steps(LONGER * steps));
            listener.accept(second);
            points.addAll(List.of(first, second));
        }
        return points;
    }

    private Batches batches(TransformerConfig config) {
        return new Batches(training, sequences(config), config.context(), 1);
    }

    private static int sequences(TransformerConfig config) {
        return Math.clamp(STEP_TOKENS / config.context(), 1, MOST_SEQUENCES);
    }

    private Point run(TransformerConfig config, RunLength length) {
        Transformer model = new Transformer(config, backend, 1);
        Arena arena = new Arena(backend::allocate);
        TrainingSettings settings = new TrainingSettings(
                length,
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
