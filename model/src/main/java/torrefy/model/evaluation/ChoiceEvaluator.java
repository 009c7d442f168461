package torrefy.model.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import torrefy.core.memory.Arena;
import torrefy.model.architecture.Transformer;
import torrefy.model.layer.KeyValueCache;
import torrefy.tensor.GradientMode;
import torrefy.tensor.Tensor;

/// Lets a model choose between endings: it takes the one that it finds the likeliest.
///
/// The context is read once, and the endings, as a batch, each from a copy of what was kept of it. What is kept is as
/// long as the longest question so far, not as what the model could read.
public final class ChoiceEvaluator {

    private static final int SMALLEST_CACHE = 32;

    private final Transformer model;
    private final Arena arena;
    /// The first holds the context, the others an ending each. All have the same capacity.
    private final List<KeyValueCache> caches = new ArrayList<>();

    public ChoiceEvaluator(Transformer model) {
        this.model = model;
        this.arena = new Arena(model.backend()::allocate);
    }

    /// Lets it choose in all `questions`.
    ///
    /// @throws IllegalArgumentException if an ending does not fit into the model's context, or has no likelihood
    public ChoiceReport evaluate(Iterable<Choice> questions) {
        int count = 0;
        int bySum = 0;
        int byByte = 0;
        for (Choice question : questions) {
            double[] scores = logLikelihoods(question);
            if (Arrays.stream(scores).anyMatch(Double::isNaN)) {
                throw new IllegalArgumentException(
                        "the likelihood of an ending is NaN: the model is damaged, or its training diverged");
            }
            double[] shares = new double[scores.length];
            for (int i = 0; i < shares.length; i++) {
                shares[i] = scores[i] / question.endings().get(i).bytes();
            }
            count++;
            bySum += largest(scores) == question.answer() ? 1 : 0;
            byByte += largest(shares) == question.answer() ? 1 : 0;
        }
        return new ChoiceReport(new Proportion(bySum, count), new Proportion(byByte, count));
    }

    private static int largest(double[] scores) {
        int largest = 0;
        for (int i = 1; i < scores.length; i++) {
            if (scores[i] > scores[largest]) {
                largest = i;
            }
        }
        return largest;
    }

    /// `ln P(ending | context)` of each ending: the sum over its tokens. Of a context that does not fit beside the
    /// longest ending, the end is read.
    ///
    /// @throws IllegalArgumentException if an ending does not fit into the model's context
    public double[] logLikelihoods(Choice question) {
        List<Choice.Ending> endings = question.endings();
        int longest = endings.stream()
                .mapToInt(ending -> ending.tokens().length)
                .max()
                .orElseThrow();
        int room = model.config().context() - (longest - 1);
        if (room < 1) {
            throw new IllegalArgumentException(
                    "an ending of " + longest + " tokens does not fit into the model's context of "
                            + model.config().context());
        }
        int read = Math.min(room, question.context().length);
        reserve(endings.size() + 1, read + longest - 1);
        KeyValueCache context = caches.getFirst();
        context.clear();
        int[] end = Arrays.copyOfRange(question.context(), question.context().length - read, question.context().length);
        float[] first = arena.step(() ->
                GradientMode.off(() -> model.nextLogits(Tensor.of(model.backend(), end, 1, read), List.of(context))
                        .logSoftmax()
                        .toFloats()));
        float[] later = longest == 1 ? new float[0] : later(endings, longest - 1, context);
        double[] sums = new double[endings.size()];
        for (int row = 0; row < sums.length; row++) {
            int[] tokens = endings.get(row).tokens();
            sums[row] = first[tokens[0]];
            for (int t = 1; t < tokens.length; t++) {
                sums[row] += later[row * (longest - 1) + t - 1];
            }
        }
        return sums;
    }

    /// Makes sure of so many caches for so many positions each. Capacities are powers of two, so that they grow seldom.
    private void reserve(int count, int positions) {
        int capacity = caches.isEmpty() ? SMALLEST_CACHE : caches.getFirst().capacity();
        while (capacity < positions) {
            capacity *= 2;
        }
        capacity = Math.min(capacity, model.config().context());
        if (!caches.isEmpty() && caches.getFirst().capacity() < capacity) {
            caches.clear();
        }
        while (caches.size() < count) {
            caches.add(model.newCache(capacity));
        }
    }

    /// The positions that are kept room for, in all caches together.
    int reserved() {
        return caches.stream().mapToInt(KeyValueCache::capacity).sum();
    }

    /// The log-likelihoods of each ending's second to last token, `(endings, length)`. Short ones are filled up at
    /// their ends, which no token before sees.
    private float[] later(List<Choice.Ending> endings, int length, KeyValueCache context) {
        int[] ids = new int[endings.size() * length];
        int[] next = new int[ids.length];
        List<KeyValueCache> own = caches.subList(1, endings.size() + 1);
        for (int row = 0; row < endings.size(); row++) {
            int[] tokens = endings.get(row).tokens();
            System.arraycopy(tokens, 0, ids, row * length, tokens.length - 1);
            System.arraycopy(tokens, 1, next, row * length, tokens.length - 1);
            own.get(row).copyFrom(context);
        }
        return arena.step(() ->
                GradientMode.off(() -> model.logits(Tensor.of(model.backend(), ids, endings.size(), length), own)
                        .logSoftmax()
                        .gather(2, Tensor.of(model.backend(), next, endings.size(), length, 1))
                        .toFloats()));
    }
}
