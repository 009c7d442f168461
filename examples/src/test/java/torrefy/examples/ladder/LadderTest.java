package torrefy.examples.ladder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import torrefy.examples.Captured;

/// The programs of the ladder do what their documentation says.
class LadderTest {

    @Test
    void aGradientComesOutTheSameThreeWays() {
        List<String> lines = run(() -> Step1GradientByHand.main(new String[0]));
        assertEquals(-18, lastNumber(lines.get(0)));
        assertEquals(-18, lastNumber(lines.get(1)));
        assertEquals(-18, lastNumber(lines.get(2)));
        assertEquals(2, lastNumber(lines.get(3)), 1e-4);
    }

    @Test
    void aPerceptronLearnsExclusiveOr() {
        List<String> lines = run(() -> Step2PerceptronLearnsXor.main(new String[0]));
        List<Double> answers = lines.subList(lines.size() - 4, lines.size()).stream()
                .map(LadderTest::lastNumber)
                .toList();
        assertEquals(List.of(0L, 1L, 1L, 0L), answers.stream().map(Math::round).toList(), answers.toString());
    }

    @Test
    void theBigramsComeDownToTheLossOfTheCounts() {
        List<String> lines = run(() -> Step3CharacterBigram.main(new String[0]));
        double counted = lastNumber(lines.get(0));
        double trained = lastNumber(lines.get(lines.size() - 2));
        assertTrue(trained >= counted, "no table of pairs is better than the counts: " + lines);
        assertEquals(counted, trained, 0.15, lines.toString());
    }

    @Test
    void aTinyGptGetsBelowEveryTableOfPairs() {
        List<String> lines = run(() -> Step4TinyGpt.main(new String[] {"200"}));
        double last = lines.stream()
                .filter(line -> line.startsWith("step"))
                .mapToDouble(LadderTest::lastNumber)
                .reduce((first, second) -> second)
                .orElseThrow();
        assertTrue(last < 1.8, lines.toString());
    }

    @FunctionalInterface
    private interface Program {
        void run() throws IOException;
    }

    private static List<String> run(Program program) {
        return Captured.of(() -> {
                    program.run();
                    return 0;
                })
                .lines();
    }

    private static double lastNumber(String line) {
        return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
    }
}
