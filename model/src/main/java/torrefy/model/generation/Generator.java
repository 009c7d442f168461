package torrefy.model.generation;

import java.util.Arrays;
import java.util.function.IntPredicate;
import torrefy.core.random.Distributions;
import torrefy.core.random.RandomKey;
import torrefy.model.architecture.Gpt;
import torrefy.model.layer.KeyValueCache;
import torrefy.tensor.GradientMode;
import torrefy.tensor.Tensor;

/// Continues a sequence of tokens, one at a time.
///
/// The prompt is read in one pass; after that each token costs one position, the ones before lying in a [KeyValueCache].
/// When the context is full, its older half is forgotten and the newer half read again.
public final class Generator {

    private final Gpt model;
    private final Sampler sampler;
    private final RandomKey key;

    /// @param seed of the draws: the same seed and prompt give the same text
    public Generator(Gpt model, Sampler sampler, long seed) {
        this.model = model;
        this.sampler = sampler;
        this.key = RandomKey.of(seed).derive("generation");
    }

    /// Draws up to `count` tokens that follow `prompt` and hands each to `sink`, until it answers false.
    ///
    /// @param prompt at least one token; of a long one the end is read
    /// @return the number of tokens handed over
    public int generate(int[] prompt, int count, IntPredicate sink) {
        if (prompt.length == 0) {
            throw new IllegalArgumentException("the prompt is empty; begin with the end-of-text token");
        }
        return GradientMode.off(() -> continueFrom(prompt, count, sink));
    }

    private int continueFrom(int[] prompt, int count, IntPredicate sink) {
        int context = model.config().context();
        KeyValueCache cache = model.newCache(1);
        int[] text = prompt.clone();
        int[] unread = lastOf(text, text.length, context);
        int[] words = new int[4];
        for (int drawn = 0; drawn < count; drawn++) {
            if (cache.length() + unread.length > context) {
                cache.clear();
                unread = lastOf(text, text.length, Math.max(1, context / 2));
            }
            Tensor ids = Tensor.of(model.backend(), unread, 1, unread.length);
            float[] logits = model.nextLogits(ids, cache).toFloats();
            key.words(drawn, words, 0);
            int token = sampler.draw(logits, Distributions.unit(words[0]));
            if (!sink.test(token)) {
                return drawn + 1;
            }
            text = Arrays.copyOf(text, text.length + 1);
            text[text.length - 1] = token;
            unread = new int[] {token};
        }
        return count;
    }

    private static int[] lastOf(int[] text, int length, int count) {
        return Arrays.copyOfRange(text, Math.max(0, length - count), length);
    }
}
