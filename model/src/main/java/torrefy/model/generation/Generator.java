package torrefy.model.generation;

import java.util.Arrays;
import java.util.function.IntPredicate;
import torrefy.core.memory.Arena;
import torrefy.core.random.Distributions;
import torrefy.core.random.RandomKey;
import torrefy.model.architecture.Transformer;
import torrefy.model.layer.KeyValueCache;
import torrefy.tensor.Tensor;

/// Continues a sequence of tokens, one at a time.
///
/// The prompt is read in one pass; after that each token costs one position, the ones before lying in a
/// [KeyValueCache]. When the context is full, its older half is forgotten and the newer half read again.
public final class Generator {

    private final Transformer model;
    private final Sampler sampler;
    private final RandomKey key;
    private final Arena arena;

    /// @param seed of the draws: the same seed and prompt give the same text
    public Generator(Transformer model, Sampler sampler, long seed) {
        this.model = model;
        this.sampler = sampler;
        this.key = RandomKey.of(seed).derive("generation");
        this.arena = new Arena(model.backend()::allocate);
    }

    /// Draws up to `count` tokens that follow `prompt` and hands each to `sink`, until it answers false.
    ///
    /// @param prompt at least one token; of a long one the end is read, as much as the context holds
    /// @return the number of tokens handed over
    /// @throws IllegalArgumentException if the prompt is empty or holds a token id that the model does not know
    public int generate(int[] prompt, int count, IntPredicate sink) {
        if (prompt.length == 0) {
            throw new IllegalArgumentException("the prompt is empty; begin with the end-of-text token");
        }
        if (count < 0) {
            throw new IllegalArgumentException("the number of tokens to generate must be at least 0, got " + count);
        }
        int context = model.config().context();
        KeyValueCache cache = model.newCache(1);
        int[] text = prompt.clone();
        int length = text.length;
        int[] unread = lastOf(text, length, context);
        int[] words = new int[4];
        for (int drawn = 0; drawn < count; drawn++) {
            if (cache.length() + unread.length > context) {
                cache.clear();
                unread = lastOf(text, length, Math.max(1, context / 2));
            }
            float[] logits = nextLogits(unread, cache);
            key.words(drawn, words, 0);
            int token = sampler.draw(logits, Distributions.unit(words[0]));
            if (!sink.test(token)) {
                return drawn + 1;
            }
            if (length == text.length) {
                text = Arrays.copyOf(text, 2 * length);
            }
            text[length++] = token;
            unread = new int[] {token};
        }
        return count;
    }

    private float[] nextLogits(int[] unread, KeyValueCache cache) {
        return arena.step(() -> model.nextLogits(Tensor.of(model.backend(), unread, 1, unread.length), cache)
                .toFloats());
    }

    private static int[] lastOf(int[] text, int length, int count) {
        return Arrays.copyOfRange(text, Math.max(0, length - count), length);
    }
}
