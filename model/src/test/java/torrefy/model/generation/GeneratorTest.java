package torrefy.model.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.core.random.Distributions;
import torrefy.core.random.RandomKey;
import torrefy.model.EveryBackend;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.layer.KeyValueCache;
import torrefy.tensor.GradientMode;
import torrefy.tensor.Tensor;

class GeneratorTest {

    private static final int CONTEXT = 13;

    private static final List<Sampler> SAMPLERS = List.of(
            Sampler.greedy(),
            new Sampler(1, 0, 1),
            new Sampler(0.8, 5, 0.9),
            new Sampler(1.5, 0, 1).withMinP(0.1).withRepetitionPenalty(1.3));

    private static Backend backend;
    private static Transformer model;

    @BeforeAll
    static void makeModel() {
        backend = Backends.create("auto", 2);
        model = model(backend, CONTEXT);
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    /// Weights thirty times GPT-2's: the scores then differ by so much that rounding decides nothing.
    private static Transformer model(Backend backend, int context) {
        Transformer model = new Transformer(TransformerConfig.gpt2(31, context, 2, 2, 24, 0.5f), backend, 1);
        GradientMode.off(() -> model.parameters().all().stream()
                .filter(parameter -> parameter.rank() == 2)
                .forEach(parameter -> parameter.copyInPlace(parameter.multiply(30))));
        return model;
    }

    private static List<Integer> generated(Generator generator, int[] prompt, int count) {
        List<Integer> tokens = new ArrayList<>();
        assertEquals(count, generator.generate(prompt, count, tokens::add));
        return tokens;
    }

    /// Without a cache: every token's scores from all the tokens that the generator has before it at that moment. When
    /// these fill the context, it goes on from the newer half.
    private static List<Integer> recomputed(Transformer model, Sampler sampler, long seed, int[] prompt, int count) {
        int context = model.config().context();
        List<Integer> text = new ArrayList<>();
        for (int token : prompt) {
            text.add(token);
        }
        int from = Math.max(0, text.size() - context);
        RandomKey key = RandomKey.of(seed).derive("generation");
        int[] words = new int[4];
        for (int drawn = 0; drawn < count; drawn++) {
            if (text.size() - from > context) {
                from = text.size() - Math.max(1, context / 2);
            }
            int[] ids = text.subList(from, text.size()).stream()
                    .mapToInt(Integer::intValue)
                    .toArray();
            float[] logits = GradientMode.off(() -> model.logits(Tensor.of(model.backend(), ids, 1, ids.length))
                    .slice(1, ids.length - 1, ids.length)
                    .toFloats());
            key.words(drawn, words, 0);
            BitSet seen = new BitSet();
            text.forEach(seen::set);
            text.add(sampler.draw(logits, seen, Distributions.unit(words[0])));
        }
        return text.subList(prompt.length, text.size());
    }

    @EveryBackend
    void theCacheChangesNothingAlsoBeyondTheContext(String backendName) {
        try (Backend its = Backends.create(backendName, 2)) {
            int[] prompt = {3, 1, 4, 1, 5};
            for (int context : new int[] {1, 2, 7, CONTEXT}) {
                Transformer model = model(its, context);
                for (Sampler sampler : SAMPLERS) {
                    assertEquals(
                            recomputed(model, sampler, 9, prompt, 40),
                            generated(new Generator(model, sampler, 9), prompt, 40),
                            sampler + ", context " + context);
                }
            }
        }
    }

    /// One position at a time, several at a time, and all at once; two texts side by side. A score is a sum of 24
    /// products; in another order it differs by some 1e-7 of the largest.
    @EveryBackend
    void cachedScoresAreThoseOfTheWholeText(String backendName) {
        try (Backend its = Backends.create(backendName, 2)) {
            Transformer model = model(its, CONTEXT);
            int[] ids = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4, 6, 2, 6, 4, 3, 3};
            Tensor both = Tensor.of(its, ids, 2, CONTEXT);
            Tensor expected = GradientMode.off(() -> model.logits(both));
            for (int[] pieces : new int[][] {{13}, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, {5, 1, 7}, {12, 1}}) {
                List<KeyValueCache> caches = List.of(model.newCache(CONTEXT), model.newCache(CONTEXT));
                KeyValueCache cache = caches.getFirst();
                for (int length : pieces) {
                    int from = cache.length();
                    float[] actual = model.nextLogits(
                                    both.slice(1, from, from + length).contiguous(), caches)
                            .toFloats();
                    assertEquals(from + length, cache.length());
                    float[] wanted =
                            expected.slice(1, from + length - 1, from + length).toFloats();
                    for (int i = 0; i < wanted.length; i++) {
                        assertEquals(wanted[i], actual[i], 1e-4, "after " + (from + length));
                    }
                }
                assertEquals(CONTEXT, cache.capacity());
                Tensor one = both.slice(0, 0, 1).slice(1, 0, 1);
                String message = assertThrows(
                                IllegalArgumentException.class, () -> model.nextLogits(one, List.of(cache)))
                        .getMessage();
                assertTrue(message.contains("context of 13, of which a cache holds 13"), message);
            }
        }
    }

    @Test
    void theSeedDecidesAndNothingElseDoes() {
        Sampler sampler = new Sampler(1.5, 0, 1);
        int[] prompt = {7};
        Generator generator = new Generator(model, sampler, 3);
        List<Integer> first = generated(generator, prompt, 30);
        assertEquals(first, generated(generator, prompt, 30), "a generator keeps nothing from call to call");
        assertEquals(first, generated(new Generator(model, sampler, 3), prompt, 30));
        assertEquals(first.subList(0, 5), generated(generator, prompt, 5));
        assertNotEquals(first, generated(new Generator(model, sampler, 4), prompt, 30));
    }

    @Test
    void ofALongPromptTheEndIsRead() {
        int[] all = new int[100];
        for (int i = 0; i < all.length; i++) {
            all[i] = i * i % 31;
        }
        int[] end = Arrays.copyOfRange(all, 100 - CONTEXT, 100);
        Generator generator = new Generator(model, Sampler.greedy(), 1);
        assertEquals(generated(generator, end, 10), generated(generator, all, 10));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 20})
    void theSinkEndsIt(int enough) {
        List<Integer> seen = new ArrayList<>();
        int handedOver = new Generator(model, Sampler.greedy(), 1).generate(new int[] {1}, 100, token -> {
            seen.add(token);
            return seen.size() < enough;
        });
        assertEquals(enough, handedOver);
        assertEquals(enough, seen.size());
        assertEquals(0, new Generator(model, Sampler.greedy(), 1).generate(new int[] {1}, 0, token -> true));
    }

    @Test
    void whatCannotBeContinuedIsRefused() {
        Generator generator = new Generator(model, Sampler.greedy(), 1);
        assertTrue(message(generator, new int[0], 5).contains("prompt is empty"));
        assertTrue(message(generator, new int[] {1}, -1).contains("at least 0, got -1"));
        String message = message(generator, new int[] {1, 31}, 5);
        assertTrue(message.contains("token id 31") && message.contains("0 to 30"), message);
    }

    private static String message(Generator generator, int[] prompt, int count) {
        return assertThrows(IllegalArgumentException.class, () -> generator.generate(prompt, count, token -> true))
                .getMessage();
    }
}
