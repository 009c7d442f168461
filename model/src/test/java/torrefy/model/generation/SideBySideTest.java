package torrefy.model.generation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.layer.KeyValueCache;
import torrefy.tensor.Tensor;

class SideBySideTest {

    private static final TransformerConfig CONFIG = TransformerConfig.gpt2(331, 19, 2, 3, 48);
    private static final TransformerConfig LLAMA = TransformerConfig.llama(331, 19, 2, 4, 2, 48, 70);

    static Stream<Arguments> everyModelOnTheProcessor() {
        return Stream.of("scalar", "vector")
                .flatMap(backend -> Stream.of(CONFIG, LLAMA).map(config -> Arguments.of(backend, config)));
    }

    /// Of different lengths: one token, several, more than the context holds.
    private static final List<int[]> PROMPTS =
            List.of(text(1, 5), text(2, 1), text(3, 30), text(4, 18), text(5, 2), text(2, 1));

    private static int[] text(int seed, int length) {
        return IntStream.range(0, length)
                .map(i -> (seed * 37 + i * i * 11) % CONFIG.vocabulary())
                .toArray();
    }

    private static Transformer model(String backend, int threads) {
        return model(backend, threads, CONFIG);
    }

    private static Transformer model(String backend, int threads, TransformerConfig config) {
        return new Transformer(config, Backends.create(backend, threads), 1);
    }

    private static List<List<Integer>> continued(Generation generation, List<int[]> prompts) {
        List<List<Integer>> texts = new ArrayList<>();
        prompts.forEach(prompt -> texts.add(new ArrayList<>()));
        while (generation.isRunning()) {
            generation.step((text, token) -> texts.get(text).add(token));
        }
        return texts;
    }

    /// Untrained, the model finds all tokens about equally likely: the least difference between scores would show.
    @ParameterizedTest
    @MethodSource("everyModelOnTheProcessor")
    void aTextIsTheSameAloneBesideOthersAndOnAnyThreads(String backend, TransformerConfig config) {
        Sampler sampler = new Sampler(1, 0, 0.9).withMinP(0.1).withRepetitionPenalty(1.2);
        Generator generator = new Generator(model(backend, 2, config), sampler, 7);
        List<List<Integer>> together = continued(generator.sideBySide(PROMPTS, 40), PROMPTS);
        Generator single = new Generator(model(backend, 1, config), sampler, 7);
        for (int i = 0; i < PROMPTS.size(); i++) {
            List<Integer> alone = new ArrayList<>();
            single.tokens(PROMPTS.get(i), 40, i).forEachRemaining((int token) -> alone.add(token));
            assertEquals(40, alone.size());
            assertEquals(alone, together.get(i), "prompt " + i);
        }
    }

    @Test
    void thePromptGivenTwiceIsContinuedInTwoWaysAndGreedilyInOne() {
        List<int[]> prompts = List.of(PROMPTS.getFirst(), PROMPTS.getFirst(), PROMPTS.getFirst());
        Transformer model = model("auto", 2);
        List<List<Integer>> drawn =
                continued(new Generator(model, new Sampler(1, 0, 1), 7).sideBySide(prompts, 12), prompts);
        assertEquals(3, new HashSet<>(drawn).size());
        List<List<Integer>> greedy =
                continued(new Generator(model, Sampler.greedy(), 7).sideBySide(prompts, 12), prompts);
        assertEquals(1, new HashSet<>(greedy).size());
    }

    /// More texts than one pass takes, which end at different times.
    @ParameterizedTest
    @MethodSource("everyModelOnTheProcessor")
    void scoresAreTheSameToTheBitWhateverIsBeside(String backend, TransformerConfig config) {
        try (Backend its = Backends.create(backend, 2)) {
            Transformer model = new Transformer(config, its, 1);
            int texts = 16;
            List<KeyValueCache> caches = new ArrayList<>();
            List<KeyValueCache> alone = new ArrayList<>();
            for (int text = 0; text < texts; text++) {
                int[] prompt = text(text, 1 + text % 5);
                for (List<KeyValueCache> each : List.of(caches, alone)) {
                    KeyValueCache cache = model.newCache(CONFIG.context());
                    model.nextLogits(Tensor.of(its, prompt, 1, prompt.length), List.of(cache));
                    each.add(cache);
                }
            }
            int[] next = text(77, texts);
            for (int count : new int[] {1, 2, 3, 5, 16}) {
                float[] together = model.nextLogits(
                                Tensor.of(its, Arrays.copyOf(next, count), count, 1), caches.subList(0, count))
                        .toFloats();
                for (int text = 0; text < texts; text++) {
                    float[] scores = model.nextLogits(
                                    Tensor.of(its, new int[] {next[text]}, 1, 1), List.of(alone.get(text)))
                            .toFloats();
                    if (text < count) {
                        int row = text * CONFIG.vocabulary();
                        assertArrayEquals(
                                scores, Arrays.copyOfRange(together, row, row + CONFIG.vocabulary()), "of " + count);
                    } else {
                        model.nextLogits(Tensor.of(its, new int[] {next[text]}, 1, 1), List.of(caches.get(text)));
                    }
                }
            }
        }
    }

    @Test
    void aTextThatEndsLeavesTheOthersAsTheyAre() {
        Generator generator = new Generator(model("auto", 2), new Sampler(1, 0, 1), 7);
        List<List<Integer>> whole = continued(generator.sideBySide(PROMPTS, 12), PROMPTS);
        Generation generation = generator.sideBySide(PROMPTS, 12);
        List<List<Integer>> texts = new ArrayList<>();
        PROMPTS.forEach(prompt -> texts.add(new ArrayList<>()));
        while (generation.isRunning()) {
            generation.step((text, token) -> {
                texts.get(text).add(token);
                return texts.get(text).size() < 2 * text + 1;
            });
        }
        for (int text = 0; text < PROMPTS.size(); text++) {
            assertEquals(whole.get(text).subList(0, 2 * text + 1), texts.get(text));
            assertFalse(generation.isRunning(text));
        }
    }

    @Test
    void tokensComeWhenTheyAreAskedForAndEndWithTheirNumberOrClose() {
        Generator generator = new Generator(model("auto", 2), Sampler.greedy(), 7);
        Tokens tokens = generator.tokens(PROMPTS.getFirst(), 3);
        assertEquals(new Speed(0, 0, 0, 0), tokens.speed(), "nothing is computed before the first is asked for");
        for (int i = 0; i < 3; i++) {
            assertTrue(tokens.hasNext());
            tokens.nextInt();
        }
        assertFalse(tokens.hasNext());
        assertThrows(NoSuchElementException.class, tokens::nextInt);

        Tokens closed = generator.tokens(PROMPTS.getFirst(), 3);
        closed.nextInt();
        closed.close();
        assertFalse(closed.hasNext());
        assertThrows(NoSuchElementException.class, closed::nextInt);
        assertFalse(generator.tokens(PROMPTS.getFirst(), 0).hasNext());
    }

    /// Two texts of one generator, drawn in turns, share nothing but its working memory.
    @Test
    void generationsMayTakeTurns() {
        Generator generator = new Generator(model("auto", 2), new Sampler(1, 0, 1), 7);
        int[] first = new int[10];
        int[] second = new int[10];
        try (Tokens a = generator.tokens(PROMPTS.get(0), 10);
                Tokens b = generator.tokens(PROMPTS.get(3), 10, 1)) {
            for (int i = 0; i < 10; i++) {
                first[i] = a.nextInt();
                second[i] = b.nextInt();
            }
        }
        List<List<Integer>> expected =
                continued(generator.sideBySide(List.of(PROMPTS.get(0), PROMPTS.get(3)), 10), PROMPTS);
        assertEquals(expected.get(0), Arrays.stream(first).boxed().toList());
        assertEquals(expected.get(1), Arrays.stream(second).boxed().toList());
    }

    /// A prompt of five is read at once, and its first token drawn from that; three more tokens take a pass each.
    @Test
    void speedCountsWhatWasReadAndWritten() {
        Generator generator = new Generator(model("auto", 2), Sampler.greedy(), 7);
        Tokens tokens = generator.tokens(PROMPTS.getFirst(), 4);
        tokens.forEachRemaining((int token) -> {});
        assertEquals(5, tokens.speed().readTokens());
        assertEquals(3, tokens.speed().writtenTokens());
        assertTrue(tokens.speed().readSeconds() > 0 && tokens.speed().writtenSeconds() > 0);
        assertEquals(500, new Speed(50, 0.1, 3, 0.5).reading());
        assertEquals(6, new Speed(50, 0.1, 3, 0.5).writing());
    }
}
