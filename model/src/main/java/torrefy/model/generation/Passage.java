package torrefy.model.generation;

import java.util.Arrays;
import java.util.BitSet;
import torrefy.core.random.Distributions;
import torrefy.core.random.RandomKey;
import torrefy.model.layer.KeyValueCache;

/// One text that is being continued: its tokens, and how far the model has read it.
///
/// When the model's context is full, the older half of what it holds is forgotten and the newer half read again.
final class Passage {

    private final int context;
    private final Sampler sampler;
    private final RandomKey key;
    private final KeyValueCache cache;
    private final int limit;
    private final BitSet seen = new BitSet();
    private int[] text;
    private int length;
    /// Where in the text the tokens begin that the model has not read.
    private int unreadFrom;
    private int drawn;

    /// @param limit the most tokens to draw
    Passage(int[] prompt, int limit, int context, Sampler sampler, RandomKey key, KeyValueCache cache) {
        this.text = prompt.clone();
        this.length = prompt.length;
        this.limit = limit;
        this.context = context;
        this.sampler = sampler;
        this.key = key;
        this.cache = cache;
        this.unreadFrom = Math.max(0, length - context);
        for (int token : prompt) {
            see(token);
        }
    }

    private void see(int token) {
        if (sampler.repetitionPenalty() != 1) {
            seen.set(token);
        }
    }

    KeyValueCache cache() {
        return cache;
    }

    /// The tokens that the model has to read before the next one can be drawn; makes room for them in the cache. They
    /// count as read.
    int[] read() {
        if (cache.length() + length - unreadFrom > context) {
            cache.clear();
            unreadFrom = length - Math.max(1, context / 2);
        }
        int[] unread = Arrays.copyOfRange(text, unreadFrom, length);
        unreadFrom = length;
        return unread;
    }

    /// Draws the next token, the n-th of them with the n-th random number of the text's key, and appends it.
    ///
    /// @param logits the scores after what was [read][#read]
    int draw(float[] logits) {
        int[] words = new int[4];
        key.words(drawn, words, 0);
        int token = sampler.draw(logits, seen, Distributions.unit(words[0]));
        if (length == text.length) {
            text = Arrays.copyOf(text, 2 * length);
        }
        text[length++] = token;
        drawn++;
        see(token);
        return token;
    }

    /// Whether as many tokens are drawn as were wanted.
    boolean isComplete() {
        return drawn >= limit;
    }
}
