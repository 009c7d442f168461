package torrefy.examples.tokens;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import torrefy.examples.Captured;
import torrefy.tokenizer.BpeConfig;
import torrefy.tokenizer.BpeTrainer;
import torrefy.tokenizer.SplitPattern;
import torrefy.tokenizer.Tokenizer;

/// The four programs about tokens do what their documentation says.
class TokenStepsTest {

    @FunctionalInterface
    private interface Program {
        void main(String[] arguments) throws Exception;
    }

    private static List<String> run(Program program, String... arguments) {
        return Captured.of(() -> {
                    program.main(arguments);
                    return 0;
                })
                .lines();
    }

    private static void assertPrints(List<String> lines, String line) {
        assertTrue(lines.contains(line), () -> line + "\nis not in\n" + String.join("\n", lines));
    }

    @Test
    void theSentenceShrinksMergeByMerge() {
        List<String> lines = run(Step1PairsByHand::main);
        assertPrints(lines, "pairs         e+· 6, h+e 6, t+h 6, ·+t 5, ·+d 4");
        assertPrints(lines, "merge 1       e+·, 59 tokens are left");
        assertPrints(
                lines,
                "              the·|dog|·sees|·the·|c|a|t|.|·the·|c|a|t|·sees|·the·|dog|.|·the·|dog|·sees|·the·|dog|.");
        assertPrints(lines, "the·cats becomes the·|c|a|t|s");
    }

    @Test
    void listsAndMapsLearnWhatTheLibraryLearns() {
        Random random = new Random(3);
        for (int i = 0; i < 50; i++) {
            StringBuilder text = new StringBuilder();
            random.ints(60, 0, 4).forEach(c -> text.append("ab .".charAt(c)));
            Captured.of(() -> {
                List<Step1PairsByHand.Pair> merges = Step1PairsByHand.learn(text.toString(), 15);
                BpeTrainer trainer = new BpeTrainer(new BpeConfig(256 + 15, SplitPattern.of("(?s).+"), 2, List.of()));
                trainer.add(text);
                Tokenizer tokenizer = trainer.train();
                assertEquals(
                        tokenizer.merges().stream()
                                .map(merge -> new Step1PairsByHand.Pair(
                                        tokenizer.decodeText(merge.left()), tokenizer.decodeText(merge.right())))
                                .toList(),
                        merges);
                assertEquals(
                        Step2WhySplit.tokensOf(text.toString(), tokenizer),
                        Step1PairsByHand.encode(text.toString(), merges));
                return 0;
            });
        }
    }

    @Test
    void piecesKeepSignsAwayFromWords() {
        List<String> lines = run(Step2WhySplit::main, "64000");
        assertPrints(lines, "at spaces  he|the|do|dog|ee|ees|sees|at|cat|dog.");
        assertPrints(lines, "GPT-2      he|the|·the|·d|·do|·dog|·s|·se|·see|·sees|·c|·ca|·cat");
        assertPrints(lines, "GPT-4      I|'ve|·paid|·|123|45|·for|·HTMLParser|'s|·bugs|!\\n\\n|···|·return|;");
        long counted = lines.stream().filter(line -> line.endsWith(" %")).count();
        assertEquals(3, counted, lines.toString());
    }

    @Test
    void textMakesNoMarks() {
        List<String> lines = run(Step3SpecialTokens::main);
        assertPrints(lines, "as a mark           1 tokens, 1 marks: [<|model|>]");
        assertPrints(lines, "decoded, both are  <|model|>");
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("joined as strings  23 tokens, 4 marks")));
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("joined as tokens   37 tokens, 2 marks")));
    }

    /// The program itself checks that its encoders give what the library gives.
    @Test
    void allEncodersAreMeasured() {
        List<String> lines = run(Step4WhyFast::main, "40000", "0.01");
        List<String> measured =
                lines.stream().skip(3).filter(line -> !line.isEmpty()).toList();
        assertEquals(10, measured.size(), lines.toString());
        measured.forEach(line -> assertTrue(line.matches("[a-z0-9, ]+\\d+\\.\\d{3}( +[\\d.]+)?"), line));
    }

    @Test
    void theScannerFindsThePiecesOfTheRegularExpression() {
        Random random = new Random(4);
        String characters = "asrelvtdm'''   \n\t\r\u001c0.9Z-";
        for (int i = 0; i < 2000; i++) {
            StringBuilder text = new StringBuilder();
            random.ints(20, 0, characters.length()).forEach(c -> text.append(characters.charAt(c)));
            List<String> expected = Step2WhySplit.pieces(SplitPattern.GPT_2, text.toString());
            byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
            List<String> pieces = IntStream.iterate(0, at -> at < bytes.length, at -> WordScanner.end(bytes, at))
                    .mapToObj(at -> text.substring(at, WordScanner.end(bytes, at)))
                    .toList();
            assertEquals(expected, pieces);
        }
    }

    @Test
    void theNumberCacheKnowsShortPiecesApart() {
        NumberCache cache =
                new NumberCache(bytes -> new int[] {new String(bytes, StandardCharsets.US_ASCII).hashCode()});
        for (int round = 0; round < 2; round++) {
            for (String piece : List.of("a", "\0a", "a\0", "abcdefg", "bcdefg", "abcdef")) {
                byte[] bytes = ("x" + piece).getBytes(StandardCharsets.US_ASCII);
                assertArrayEquals(new int[] {piece.hashCode()}, cache.encode(bytes, 1, bytes.length));
            }
        }
    }

    @Test
    void whereThereAreNoSourcesWordsAreInvented() {
        SampleText text = SampleText.invented(100_000);
        assertEquals(100_000, text.bytes().length);
        List<String> pieces = Step2WhySplit.pieces(SplitPattern.GPT_2, text.text());
        long distinct = pieces.stream().distinct().count();
        assertTrue(distinct > 1000 && distinct < pieces.size() / 2, distinct + " of " + pieces.size());
    }
}
