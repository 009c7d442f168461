package torrefy.model.evaluation;

import java.util.Arrays;
import torrefy.core.memory.Arena;
import torrefy.model.architecture.Transformer;
import torrefy.model.training.Batch;
import torrefy.model.training.TokenSource;
import torrefy.model.training.TrainingSettings;
import torrefy.tensor.GradientMode;

/// Measures a model on held-out text.
///
/// A window of T tokens slides over the text by a stride of S. The first predicts the T tokens that follow its first;
/// each later one predicts the last S of its T, from all that is before them in it. So every token of the text but the
/// very first is predicted once, and but for the beginning of the text from at least T − S + 1 tokens. With S = T the
/// windows do not overlap: the cheapest, and a little worse, because the tokens at a window's beginning are predicted
/// from few. With S = T/2 twice the work is done.
public final class Evaluator {

    private final Transformer model;
    private final int sequences;
    private final int length;
    private final int stride;
    private final Arena arena;
    private final int documentStart;

    /// @param sequences how many windows to compute at once
    /// @param length T, at most the model's context
    public Evaluator(Transformer model, int sequences, int length) {
        this(model, sequences, length, new Arena(model.backend()::allocate));
    }

    /// @param arena the memory to compute in; one shared with a trainer saves having two
    public Evaluator(Transformer model, int sequences, int length, Arena arena) {
        this(model, sequences, length, length, arena);
    }

    /// @param stride S, from 1 to T
    public Evaluator(Transformer model, int sequences, int length, int stride, Arena arena) {
        this(model, sequences, length, stride, arena, TrainingSettings.ACROSS_DOCUMENTS);
    }

    /// @param stride S, from 1 to T
    /// @param documentStart the token that every document begins with, if nothing is to be predicted from the document
    ///     before; or [TrainingSettings#ACROSS_DOCUMENTS]
    public Evaluator(Transformer model, int sequences, int length, int stride, Arena arena, int documentStart) {
        int context = model.config().context();
        if (sequences < 1 || length < 1 || length > context || (long) sequences * length > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("evaluation needs at least 1 window of 1 to " + context
                    + " tokens, the model's context; got " + sequences + " windows of " + length);
        }
        if (stride < 1 || stride > length) {
            throw new IllegalArgumentException(
                    "the stride of an evaluation must be from 1 to its window, " + length + " tokens; got " + stride);
        }
        this.model = model;
        this.sequences = sequences;
        this.length = length;
        this.stride = stride;
        this.arena = arena;
        this.documentStart = documentStart;
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
        long windows = tokens <= length ? 1 : 1 + Math.ceilDiv(tokens - length, stride);
        double nats = 0;
        for (long window = 0; window < windows; window += sequences) {
            nats += nats(text, window, (int) Math.min(sequences, windows - window), tokens);
        }
        return new Evaluation(nats / tokens, tokens, Math.max(1, Math.round((double) bytes * tokens / predictable)));
    }

    /// What `rows` windows from number `first` on predict, of the tokens 1 to `end`.
    private double nats(TokenSource text, long first, int rows, long end) {
        int[] inputs = new int[rows * length];
        int[] targets = new int[rows * length];
        Arrays.fill(targets, Transformer.IGNORE);
        int predicted = 0;
        for (int row = 0; row < rows; row++) {
            long from = (first + row) * stride;
            int filled = (int) Math.min(length, end - from);
            int known = first + row == 0 ? 0 : length - stride;
            text.read(from, inputs, row * length, filled);
            text.read(from + known + 1, targets, row * length + known, filled - known);
            predicted += filled - known;
        }
        Batch batch = new Batch(inputs, targets, rows, length);
        return arena.step(() -> GradientMode.off(() -> (double) loss(batch))) * predicted;
    }

    private float loss(Batch batch) {
        return model.loss(
                        batch.inputTensor(model.backend()),
                        batch.targetTensor(model.backend()),
                        null,
                        false,
                        batch.documents(documentStart))
                .item();
    }
}
