package torrefy.model.generation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import torrefy.core.memory.Arena;
import torrefy.core.random.RandomKey;
import torrefy.model.architecture.Transformer;

/// Continues texts with a model, token by token.
///
/// The prompt is read in one pass; after that each token costs one position, the ones before lying in a
/// [torrefy.model.layer.KeyValueCache]. When the context is full, its older half is forgotten and the newer half read
/// again.
///
/// Of several texts that are continued side by side, each has random numbers of its own, derived from the seed and the
/// text's place in the list; the n-th token is drawn with the n-th of them. So the same seed, prompt and place give the
/// same text, whatever is continued beside it, and the same prompt twice gives two texts. A text alone has place 0. All
/// that one generator began is to be used by one thread at a time.
public final class Generator {

    private final Transformer model;
    private final Sampler sampler;
    private final RandomKey key;
    private final Arena arena;

    /// @param seed of the draws
    public Generator(Transformer model, Sampler sampler, long seed) {
        this.model = model;
        this.sampler = sampler;
        this.key = RandomKey.of(seed).derive("generation");
        this.arena = new Arena(model.backend()::allocate);
    }

    /// Begins to continue `prompt`. Nothing is computed before the first token is asked for.
    ///
    /// @param prompt at least one token; of a long one the end is read, as much as the context holds
    /// @param count the most tokens that are to follow
    /// @throws IllegalArgumentException if the prompt is empty or holds a token id that the model does not know
    public Tokens tokens(int[] prompt, int count) {
        return tokens(prompt, count, 0);
    }

    /// Begins to continue `prompt` alone as it would be continued beside others.
    ///
    /// @param place of the text among them, from 0
    /// @throws IllegalArgumentException if the prompt is empty or holds a token id that the model does not know
    public Tokens tokens(int[] prompt, int count, int place) {
        return new Tokens(generation(List.of(prompt), count, place));
    }

    /// Begins to continue several prompts, which need not be equally long.
    ///
    /// @param count the most tokens that are to follow each
    /// @throws IllegalArgumentException if a prompt is empty or holds a token id that the model does not know
    public Generation sideBySide(List<int[]> prompts, int count) {
        return generation(prompts, count, 0);
    }

    private Generation generation(List<int[]> prompts, int count, int firstPlace) {
        if (count < 0) {
            throw new IllegalArgumentException("the number of tokens to generate must be at least 0, got " + count);
        }
        prompts.forEach(this::requireReadable);
        List<Passage> passages = new ArrayList<>();
        for (int[] prompt : prompts) {
            passages.add(passage(prompt, count, firstPlace + passages.size()));
        }
        return new Generation(model, arena, passages);
    }

    private void requireReadable(int[] prompt) {
        if (prompt.length == 0) {
            throw new IllegalArgumentException("the prompt is empty; begin with the end-of-text token");
        }
        int last = model.config().vocabulary() - 1;
        for (int token : prompt) {
            if (token < 0 || token > last) {
                throw new IllegalArgumentException(
                        "the prompt holds the token id " + token + "; the model knows 0 to " + last);
            }
        }
    }

    private Passage passage(int[] prompt, int count, int place) {
        int context = model.config().context();
        int capacity = (int) Math.min(context, (long) prompt.length + count);
        RandomKey own = place == 0 ? key : key.derive(place);
        return new Passage(prompt, count, context, sampler, own, model.newCache(capacity));
    }

    /// Draws up to `count` tokens that follow `prompt` and hands each to `sink`, until it answers false.
    ///
    /// @return the number of tokens handed over
    /// @throws IllegalArgumentException if the prompt is empty or holds a token id that the model does not know
    public int generate(int[] prompt, int count, IntPredicate sink) {
        int handedOver = 0;
        try (Tokens tokens = tokens(prompt, count)) {
            boolean goesOn = true;
            while (goesOn && tokens.hasNext()) {
                goesOn = sink.test(tokens.nextInt());
                handedOver++;
            }
        }
        return handedOver;
    }
}
