package torrefy.model.evaluation;

import java.util.Arrays;
import torrefy.core.memory.Arena;
import torrefy.model.architecture.Transformer;
import torrefy.model.training.Batch;
import torrefy.model.training.TokenSource;
import torrefy.tensor.GradientMode;

/// Measures a model on held-out text.
///
/// The text is cut into windows of T tokens that do not overlap; every token but the very first is predicted once,
/// from those before it in its window and the one before the window. Short contexts at the windows' beginnings make
/// the result a little worse than a sliding window would.
public final class Evaluator {

    private final Transformer model;
    private final int sequences;
    private final int length;
    private final Arena arena;

    /// @param sequences how many windows to compute at once
    /// @param length T, at most the model's context
    public Evaluator(Transformer model, int sequences, int length) {
        this(model, sequences, length, new Arena(model.backend()::allocate));
    }

    /// @param arena the memory to compute in; one shared with a trainer saves having two
    public Evaluator(Transformer model, int sequences, int length, Arena arena) {
        int context = model.config().context();
        if (sequences < 1 || length < 1 || length > context || (long) sequences * length > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("evaluation needs at least 1 window of 1 to " + context
                    + " tokens, the model's context; got " + sequences + " windows of " + length);
        }
        this.model = model;
        this.sequences = sequences;
        this.length = length;
        this.arena = arena;
    }

    /// Evaluates on the whole of `text`.
    ///
    /// @param bytes the number of bytes the tokens stand for
    /// @throws IllegalArgumentException if `text` has fewer than two tokens
    public Evaluation evaluate(TokenSource text, long bytes) {
        return evaluate(text, bytes, Long.MAX_VALUE);
    }

    /// Evaluates on the first `maxTokens` tokens that can be predicted, or all if there are fewer; bytes are taken in
    /// proportion.
    public Evaluation evaluate(TokenSource text, long bytes, long maxTokens) {
        long predictable = text.length() - 1;
        if (predictable < 1) {
            throw new IllegalArgumentException(
                    "evaluation needs at least 2 tokens of held-out text, got " + text.length());
        }
        if (maxTokens < 1) {
            throw new IllegalArgumentException("evaluation needs at least 1 token to predict, got " + maxTokens);
        }
        long tokens = Math.min(predictable, maxTokens);
        double nats = 0;
        for (long from = 0; from < tokens; from += (long) sequences * length) {
            nats += nats(text, from, tokens);
        }
        return new Evaluation(nats / tokens, tokens, Math.max(1, Math.round((double) bytes * tokens / predictable)));
    }

    private double nats(TokenSource text, long from, long end) {
        int rows = (int) Math.min(sequences, (end - from + length - 1) / length);
        int[] inputs = new int[rows * length];
        int[] targets = new int[rows * length];
        Arrays.fill(targets, Transformer.IGNORE);
        int count = (int) Math.min((long) rows * length, end - from);
        text.read(from, inputs, 0, count);
        text.read(from + 1, targets, 0, count);
        Batch batch = new Batch(inputs, targets, rows, length);
        return arena.step(() -> GradientMode.off(() -> (double)
                        model.loss(batch.inputTensor(model.backend()), batch.targetTensor(model.backend()), null)
                                .item()))
                * count;
    }
}
