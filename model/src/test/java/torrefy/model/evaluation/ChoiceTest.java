package torrefy.model.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.checkpoint.MalformedFileException;
import torrefy.tensor.GradientMode;
import torrefy.tensor.Tensor;

class ChoiceTest {

    /// Tokens are bytes, and 256 ends a text.
    private static final int VOCABULARY = 257;

    private static final int CONTEXT = 40;

    private static Backend backend;
    private static Transformer model;

    @TempDir
    Path folder;

    @BeforeAll
    static void makeModel() {
        backend = Backends.create("auto", 2);
        model = new Transformer(TransformerConfig.gpt2(VOCABULARY, CONTEXT, 2, 2, 24), backend, 1);
        // Of an untrained model all tokens are about equally likely; ten times its weights it has opinions.
        GradientMode.off(() -> model.parameters().all().stream()
                .filter(parameter -> parameter.rank() == 2)
                .forEach(parameter -> parameter.copyInPlace(parameter.multiply(10))));
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    @Test
    void aModelWithoutLikelihoodsChoosesNothing() {
        Transformer damaged = new Transformer(TransformerConfig.gpt2(VOCABULARY, CONTEXT, 1, 2, 24), backend, 1);
        damaged.parameters().all().getFirst().data().floats()[0] = Float.NaN;
        damaged.parameters().changed();
        Choice question =
                new Choice(bytes("a"), List.of(new Choice.Ending(bytes("b"), 1), new Choice.Ending(bytes("c"), 1)), 0);
        assertTrue(assertThrows(
                        IllegalArgumentException.class, () -> new ChoiceEvaluator(damaged).evaluate(List.of(question)))
                .getMessage()
                .contains("is NaN"));
    }

    private static Path fixture() throws URISyntaxException {
        return Path.of(ChoiceTest.class.getResource("choices.jsonl").toURI());
    }

    private static int[] bytes(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return IntStream.range(0, bytes.length).map(i -> bytes[i] & 0xff).toArray();
    }

    /// One token at a time, each from all that is before it, in double precision.
    private static double naive(int[] context, int[] ending) {
        int room = CONTEXT - (ending.length - 1);
        int[] text = IntStream.concat(
                        IntStream.of(context).skip(Math.max(0, context.length - room)), IntStream.of(ending))
                .toArray();
        double sum = 0;
        for (int at = text.length - ending.length; at < text.length; at++) {
            int[] before = Arrays.copyOf(text, at);
            float[] logits = GradientMode.off(() -> model.logits(Tensor.of(backend, before, 1, before.length))
                    .slice(1, before.length - 1, before.length)
                    .toFloats());
            double total = 0;
            for (float logit : logits) {
                total += Math.exp(logit);
            }
            sum += logits[text[at]] - Math.log(total);
        }
        return sum;
    }

    @Test
    void everyEndingsLikelihoodIsTheSumOverItsTokens() throws Exception {
        ChoiceEvaluator evaluator = new ChoiceEvaluator(model);
        int bySum = 0;
        int byByte = 0;
        List<Choice> questions = ChoiceFile.read(fixture()).stream()
                .map(question -> question.encoded(ChoiceTest::bytes, 256))
                .toList();
        for (Choice question : questions) {
            double[] actual = evaluator.logLikelihoods(question);
            double[] expected = question.endings().stream()
                    .mapToDouble(ending -> naive(contextBeside(question), ending.tokens()))
                    .toArray();
            // A token's is some 10 nats, and off by some 1e-6 in float32.
            assertArrayEquals(expected, actual, 1e-3);
            double[] shares = new double[expected.length];
            for (int i = 0; i < shares.length; i++) {
                shares[i] = expected[i] / (question.endings().get(i).tokens().length - 1);
            }
            bySum += best(expected) == question.answer() ? 1 : 0;
            byByte += best(shares) == question.answer() ? 1 : 0;
        }
        ChoiceReport report = evaluator.evaluate(questions);
        assertEquals(new ChoiceReport(new Proportion(bySum, 3), new Proportion(byByte, 3)), report);
    }

    /// What all endings of a question have before them: as much as fits beside the longest.
    private static int[] contextBeside(Choice question) {
        int longest = question.endings().stream()
                .mapToInt(ending -> ending.tokens().length)
                .max()
                .orElseThrow();
        return IntStream.of(question.context())
                .skip(Math.max(0, question.context().length - (CONTEXT - longest + 1)))
                .toArray();
    }

    private static int best(double[] scores) {
        return IntStream.range(0, scores.length)
                .boxed()
                .max((a, b) -> Double.compare(scores[a], scores[b]))
                .orElseThrow();
    }

    @Test
    void endingsOfOneTokenNeedNoSecondPass() {
        int[] context = bytes("ab");
        Choice question =
                new Choice(context, List.of(new Choice.Ending(bytes("x"), 1), new Choice.Ending(bytes("y"), 1)), 0);
        double[] actual = new ChoiceEvaluator(model).logLikelihoods(question);
        assertArrayEquals(new double[] {naive(context, bytes("x")), naive(context, bytes("y"))}, actual, 1e-3);
    }

    /// A context of thousands of positions would be hundreds of megabytes for each ending.
    @Test
    void cachesAreAsLongAsTheQuestionsNotAsTheContext() {
        Transformer far = new Transformer(TransformerConfig.gpt2(VOCABULARY, 4096, 1, 2, 24), backend, 1);
        ChoiceEvaluator evaluator = new ChoiceEvaluator(far);
        List<Choice.Ending> endings = List.of(new Choice.Ending(bytes("xyz"), 3), new Choice.Ending(bytes("y"), 1));
        double[] before = evaluator.logLikelihoods(new Choice(bytes("ab"), endings, 0));
        assertEquals(3 * 32, evaluator.reserved());
        evaluator.logLikelihoods(new Choice(bytes("a".repeat(62)), endings, 0));
        assertEquals(3 * 64, evaluator.reserved(), "62 of the context, 2 of the longest ending");
        assertArrayEquals(before, evaluator.logLikelihoods(new Choice(bytes("ab"), endings, 0)), 1e-5);
        assertEquals(3 * 64, evaluator.reserved());
    }

    @Test
    void whatDoesNotFitIsRefused() {
        int[] longest = bytes("x".repeat(CONTEXT + 1));
        Choice question =
                new Choice(bytes("ab"), List.of(new Choice.Ending(longest, 41), new Choice.Ending(bytes("y"), 1)), 0);
        String message = assertThrows(
                        IllegalArgumentException.class, () -> new ChoiceEvaluator(model).logLikelihoods(question))
                .getMessage();
        assertTrue(message.contains("41 tokens") && message.contains("context of 40"), message);
    }

    @Test
    void questionsAreReadAsTheFileHasThem() throws Exception {
        List<ChoiceText> questions = ChoiceFile.read(fixture());
        assertEquals(3, questions.size());
        assertEquals("The kettle whistles. Anna", questions.get(0).context());
        assertEquals(4, questions.get(0).endings().size());
        assertEquals(
                new ChoiceText("A boy throws a stick. the dog", List.of("reads it.", "brings it back."), 1),
                questions.get(1));
        Choice.Ending french =
                questions.get(2).encoded(ChoiceTest::bytes, 256).endings().getFirst();
        assertEquals(5, french.bytes(), "without the space");
        assertArrayEquals(bytes(" été"), french.tokens());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[1]|line 2 is not a JSON object",
                "{\"ctx\": \"a\"|line 2 is not JSON",
                "{\"endings\": [\"a\", \"b\"], \"label\": 0}|line 2 has no context",
                "{\"ctx_a\": \"a\", \"endings\": [\"a\", \"b\"], \"label\": 0}|line 2 has no context",
                "{\"ctx\": \"a\", \"endings\": [\"a\"], \"label\": 0}|line 2 needs \"endings\"",
                "{\"ctx\": \"a\", \"endings\": \"a\", \"label\": 0}|line 2 needs \"endings\"",
                "{\"ctx\": \"a\", \"endings\": [\"a\", 3], \"label\": 0}|line 2",
                "{\"ctx\": \"a\", \"endings\": [\"a\", \"b\"], \"label\": 2}|line 2 needs a \"label\" from 0 to 1",
                "{\"ctx\": \"a\", \"endings\": [\"a\", \"b\"], \"label\": -1}|line 2 needs a \"label\"",
                "{\"ctx\": \"a\", \"endings\": [\"a\", \"b\"]}|line 2 needs a \"label\""
            })
    void linesThatAreNoQuestionAreNamed(String line, String problem) throws IOException {
        Path file = folder.resolve("choices.jsonl");
        Files.writeString(file, "{\"ctx\": \"a\", \"endings\": [\"a\", \"b\"], \"label\": 0}\n" + line + "\n");
        String message = assertThrows(MalformedFileException.class, () -> ChoiceFile.read(file))
                .getMessage();
        assertTrue(message.startsWith(file + ": " + problem), message);
        assertEquals(1, message.lines().count());
    }

    @Test
    void aFileWithoutQuestionsOrWithoutTextIsRefused() throws IOException {
        Path file = folder.resolve("choices.jsonl");
        Files.writeString(file, "\n\n");
        assertTrue(assertThrows(MalformedFileException.class, () -> ChoiceFile.read(file))
                .getMessage()
                .endsWith("holds no question"));
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        assertTrue(assertThrows(MalformedFileException.class, () -> ChoiceFile.read(file))
                .getMessage()
                .endsWith("is not text in UTF-8"));
    }

    /// An end of the interval is the p from which the share is just 1.96 deviations away: `|share − p| = z·√(p(1 −
    /// p)/n)`. The numbers are solutions of that, computed outside.
    @ParameterizedTest
    @CsvSource({
        "5, 10, 0.236593, 0.763407",
        "0, 10, 0, 0.277533",
        "10, 10, 0.722467, 1",
        "1, 1, 0.206549, 1",
        "2872, 10042, 0.277244, 0.294918"
    })
    void intervalsAreWilsons(int hits, int tries, double low, double high) {
        Proportion proportion = new Proportion(hits, tries);
        assertEquals((double) hits / tries, proportion.share());
        assertEquals(low, proportion.low(), 1e-6);
        assertEquals(high, proportion.high(), 1e-6);
        for (double end : new double[] {proportion.low(), proportion.high()}) {
            if (end > 0 && end < 1) {
                double deviation = Math.sqrt(end * (1 - end) / tries);
                assertEquals(1.959964 * deviation, Math.abs(proportion.share() - end), 1e-6);
            }
        }
    }

    @Test
    void proportionsOfNothingAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Proportion(0, 0));
        assertThrows(IllegalArgumentException.class, () -> new Proportion(3, 2));
    }
}
