package torrefy.model.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.core.memory.Arena;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.training.TokenSource;
import torrefy.tensor.GradientMode;
import torrefy.tensor.Tensor;

class EvaluatorTest {

    private static final int VOCABULARY = 31;

    private static Backend backend;
    private static Transformer model;

    @BeforeAll
    static void makeModel() {
        backend = Backends.create("auto", 2);
        // Dropout must make no difference here.
        model = new Transformer(TransformerConfig.gpt2(VOCABULARY, 13, 2, 2, 24, 0.5f), backend, 1);
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    private static int[] text(int length) {
        int[] tokens = new int[length];
        for (int i = 0; i < length; i++) {
            tokens[i] = (i * i + 3 * i) % VOCABULARY;
        }
        return tokens;
    }

    /// `Σ −ln p` by softmax in double precision, from the logits of one window at a time.
    private static double naiveNats(int[] text, int length, int count) {
        double nats = 0;
        for (int from = 0; from < count; from += length) {
            int size = Math.min(length, count - from);
            int[] window = Arrays.copyOfRange(text, from, from + size);
            float[] logits = GradientMode.off(
                    () -> model.logits(Tensor.of(backend, window, 1, size)).toFloats());
            for (int t = 0; t < size; t++) {
                double sum = 0;
                for (int v = 0; v < VOCABULARY; v++) {
                    sum += Math.exp(logits[t * VOCABULARY + v]);
                }
                nats -= logits[t * VOCABULARY + text[from + t + 1]] - Math.log(sum);
            }
        }
        return nats;
    }

    /// Texts that fill the windows, that end inside one, that fill less than one batch, and less than one window. A
    /// mean loss in float32 is off by some 1e-7 of itself.
    @ParameterizedTest
    @CsvSource({"53, 2, 13", "54, 2, 13", "60, 2, 13", "100, 3, 7", "2, 4, 13", "9, 4, 13", "40, 1, 1", "14, 1, 13"})
    void theLossIsTheMeanOverAllTokensButTheFirst(int tokens, int sequences, int length) {
        int[] text = text(tokens);
        Evaluation evaluation = new Evaluator(model, sequences, length).evaluate(TokenSource.of(text), 3L * tokens);
        assertEquals(tokens - 1, evaluation.tokens());
        assertEquals(3L * tokens, evaluation.bytes());
        double expected = naiveNats(text, length, tokens - 1) / (tokens - 1);
        assertEquals(expected, evaluation.loss(), 1e-6 * expected);
    }

    @Test
    void aLimitTakesTheFirstTokensAndTheirShareOfTheBytes() {
        int[] text = text(101);
        Evaluation evaluation = new Evaluator(model, 2, 13).evaluate(TokenSource.of(text), 400, 40);
        assertEquals(40, evaluation.tokens());
        assertEquals(160, evaluation.bytes());
        double expected = naiveNats(text, 13, 40) / 40;
        assertEquals(expected, evaluation.loss(), 1e-6 * expected);
    }

    /// Token by token: which window predicts it, and from what.
    private static double naiveNats(int[] text, int length, int stride, int count) {
        double nats = 0;
        for (int target = 1; target <= count; target++) {
            int window = target <= length ? 0 : Math.ceilDiv(target - length, stride);
            int[] before = Arrays.copyOfRange(text, window * stride, target);
            assertTrue(before.length <= length && (target <= length || before.length > length - stride));
            float[] logits = GradientMode.off(() -> model.logits(Tensor.of(backend, before, 1, before.length))
                    .slice(1, before.length - 1, before.length)
                    .toFloats());
            double sum = 0;
            for (float logit : logits) {
                sum += Math.exp(logit);
            }
            nats -= logits[text[target]] - Math.log(sum);
        }
        return nats;
    }

    /// Strides of one token, of a part of the window, and of all of it; texts that end with a window, inside one, and
    /// inside the first.
    @ParameterizedTest
    @CsvSource({
        "40, 3, 13, 1",
        "40, 2, 13, 5",
        "53, 2, 13, 8",
        "54, 2, 13, 8",
        "53, 2, 13, 13",
        "9, 4, 13, 5",
        "60, 1, 7, 6"
    })
    void aWindowThatSlidesPredictsEachTokenOnceFromTheLongestContext(
            int tokens, int sequences, int length, int stride) {
        int[] text = text(tokens);
        Evaluation evaluation = new Evaluator(model, sequences, length, stride, new Arena(backend::allocate))
                .evaluate(TokenSource.of(text), 3L * tokens);
        assertEquals(tokens - 1, evaluation.tokens());
        double expected = naiveNats(text, length, stride, tokens - 1) / (tokens - 1);
        assertEquals(expected, evaluation.loss(), 1e-6 * expected);
    }

    @Test
    void aStrideBeyondTheWindowIsRefused() {
        for (int stride : new int[] {0, -1, 14}) {
            String message = assertThrows(
                            IllegalArgumentException.class,
                            () -> new Evaluator(model, 1, 13, stride, new Arena(backend::allocate)))
                    .getMessage();
            assertTrue(message.contains("from 1 to its window, 13 tokens; got " + stride), message);
        }
    }

    /// The shapes differ from call to call, so that stale memory of the arena would show.
    @Test
    void anArenaMayBeShared() {
        Arena arena = new Arena(backend::allocate);
        for (int tokens : new int[] {60, 9, 53}) {
            Evaluation shared = new Evaluator(model, 2, 13, arena).evaluate(TokenSource.of(text(tokens)), 1);
            assertEquals(new Evaluator(model, 2, 13).evaluate(TokenSource.of(text(tokens)), 1), shared);
        }
        assertTrue(arena.peakBytes() > 0);
    }

    @Test
    void tooLittleTextIsRefusedWithItsLength() {
        Evaluator evaluator = new Evaluator(model, 2, 13);
        for (int tokens = 0; tokens <= 1; tokens++) {
            TokenSource text = TokenSource.of(text(tokens));
            String message = assertThrows(IllegalArgumentException.class, () -> evaluator.evaluate(text, 1))
                    .getMessage();
            assertTrue(message.contains("at least 2 tokens") && message.endsWith("got " + tokens), message);
        }
        TokenSource text = TokenSource.of(text(9));
        assertThrows(IllegalArgumentException.class, () -> evaluator.evaluate(text, 1, 0));
    }

    @Test
    void windowsBeyondTheContextAreRefused() {
        String message = assertThrows(IllegalArgumentException.class, () -> new Evaluator(model, 1, 14))
                .getMessage();
        assertTrue(message.contains("1 to 13 tokens") && message.contains("14"), message);
        assertThrows(IllegalArgumentException.class, () -> new Evaluator(model, 0, 13));
        assertThrows(IllegalArgumentException.class, () -> new Evaluator(model, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Evaluator(model, Integer.MAX_VALUE, 13));
    }

    @Test
    void perplexityAndBitsPerByteFollowFromTheLoss() {
        // One of 8 tokens each time: 3 bits a token. Four bytes a token: 3/4 of a bit a byte.
        Evaluation evaluation = new Evaluation(Math.log(8), 1000, 4000);
        assertEquals(8, evaluation.perplexity(), 1e-12);
        assertEquals(0.75, evaluation.bitsPerByte(), 1e-12);
        assertEquals(1, new Evaluation(0, 7, 13).perplexity());
        assertEquals(0, new Evaluation(0, 7, 13).bitsPerByte());
    }
}
