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

    /// Each size is trained for one share of the time, and for three.
    private static final int[] SHARES = {1, 3};

    /// A step's, if that is not too many sequences.
    private static final int STEP_TOKENS = 2048;

    private static final int MOST_SEQUENCES = 32;
    private static final int FEWEST_STEPS = 1;
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

    /// Trains all six in about `budget`, each for a few steps at least.
    ///
    /// @param listener hears of each run when it is over
    public List<Point> climb(Duration budget, Consumer<Point> listener) {
        List<Point> points = new ArrayList<>();
        double share = budget.toNanos() / 1e9 / (4 * WIDTHS.length);
        for (int width : WIDTHS) {
            TransformerConfig config = sizes.ofWidth(width).orElseThrow();
            double stepSeconds = stepSeconds(config, share / 4);
            for (int shares : SHARES) {
                int steps = (int) Math.max(FEWEST_STEPS * shares, share * shares / stepSeconds);
                Point point = run(config, steps);
                listener.accept(point);
                points.add(point);
            }
        }
        return points;
    }

    /// The fastest of those that fit into `seconds`, one at least: the first ones are the compiler's.
    private double stepSeconds(TransformerConfig config, double seconds) {
        double[] fastest = {Double.MAX_VALUE};
        long end = System.nanoTime() + (long) (1e9 * seconds);
        Trainer trainer =
                trainer(config, new Transformer(config, backend, 1), Integer.MAX_VALUE, new Arena(backend::allocate));
        trainer.train(batches(config), report -> {
            fastest[0] = Math.min(fastest[0], report.stepTime().toNanos() / 1e9);
            if (report.step() >= FEWEST_STEPS && System.nanoTime() > end) {
                trainer.stop();
            }
        });
        return fastest[0];
    }

    private Batches batches(TransformerConfig config) {
        return new Batches(training, sequences(config), config.context(), 1);
    }

    private static int sequences(TransformerConfig config) {
        return Math.clamp(STEP_TOKENS / config.context(), 1, MOST_SEQUENCES);
    }

    private static Trainer trainer(TransformerConfig config, Transformer model, int steps, Arena arena) {
        TrainingSettings settings = new TrainingSettings(
                RunLength.steps(steps),
                new Schedule(ModelSizes.learningRate(config.width()), 0.1f, 0.1f),
                new AdamW.Settings(0.9f, 0.99f, 1e-8f, 0.1f),
                1.0,
                1,
                1,
                false);
        return new Trainer(model, settings, arena);
    }

    private Point run(TransformerConfig config, int steps) {
        Transformer model = new Transformer(config, backend, 1);
        Arena arena = new Arena(backend::allocate);
        trainer(config, model, steps, arena).train(batches(config));
        Evaluator evaluator = new Evaluator(model, sequences(config), config.context(), arena);
        double loss = evaluator.evaluate(validation, 1, VALIDATION_TOKENS).loss();
        return new Point(config.parameters(), (double) steps * sequences(config) * config.context(), loss);
    }
}
