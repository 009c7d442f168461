package torrefy.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class BpeTrainerProperties {

    private static final SplitPattern WORDS = SplitPattern.of("[^ ]+");

    /// Few letters, so that pairs repeat, overlap (`aaaa`) and tie all the time.
    @Provide
    Arbitrary<List<String>> texts() {
        return Arbitraries.of("ab", "abc ", "ab \u00e9")
                .flatMap(alphabet -> Arbitraries.strings()
                        .withChars(alphabet.toCharArray())
                        .ofMaxLength(60)
                        .list()
                        .ofMaxSize(6));
    }

    @Property(tries = 600)
    void mergesAreThoseOfTheNaiveTrainer(
            @ForAll("texts") List<String> texts,
            @ForAll @IntRange(max = 40) int merges,
            @ForAll @IntRange(min = 1, max = 3) int minimumFrequency) {
        Tokenizer tokenizer = train(texts, merges, minimumFrequency);
        List<byte[]> pieces = new ArrayList<>();
        texts.forEach(text -> pieces.addAll(SplitPatternTest.pieces(WORDS, Utf8.encode(text))));
        assertEquals(NaiveBpe.train(pieces, merges, minimumFrequency), spelled(tokenizer));
    }

    @Property(tries = 100)
    void mergesDoNotDependOnTheOrderOfTexts(@ForAll("texts") List<String> texts, @ForAll Random random) {
        List<String> shuffled = new ArrayList<>(texts);
        Collections.shuffle(shuffled, random);
        assertEquals(train(texts, 30, 1).fingerprint(), train(shuffled, 30, 1).fingerprint());
    }

    @Property(tries = 600)
    void encodingIsThatOfTheNaiveEncoder(@ForAll("texts") List<String> texts, @ForAll("texts") List<String> others) {
        Tokenizer tokenizer = train(texts, 30, 1);
        List<NaiveBpe.Pair> merges = spelled(tokenizer);
        for (String text : others) {
            List<String> expected = new ArrayList<>();
            for (byte[] piece : SplitPatternTest.pieces(WORDS, Utf8.encode(text))) {
                expected.addAll(NaiveBpe.encode(piece, merges));
            }
            assertEquals(expected, spelled(tokenizer, tokenizer.encode(text)));
        }
    }

    /// Pieces on both sides of the length from which they are merged with a queue.
    @Property(tries = 60)
    void encodingOfLongPiecesIsThatOfTheNaiveEncoder(
            @ForAll("texts") List<String> texts,
            @ForAll @IntRange(min = 100, max = 400) int length,
            @ForAll long seed) {
        Tokenizer tokenizer = train(texts, 30, 1);
        Random random = new Random(seed);
        byte[] piece = new byte[length];
        for (int i = 0; i < length; i++) {
            piece[i] = (byte) (random.nextInt(10) == 0 ? 'c' : "aab".charAt(random.nextInt(3)));
        }
        assertEquals(NaiveBpe.encode(piece, spelled(tokenizer)), spelled(tokenizer, tokenizer.encode(piece)));
        assertArrayEquals(piece, tokenizer.decode(tokenizer.encode(piece)));
    }

    private static Tokenizer train(List<String> texts, int merges, int minimumFrequency) {
        BpeTrainer trainer = new BpeTrainer(new BpeConfig(256 + merges, WORDS, minimumFrequency, List.of()));
        texts.forEach(trainer::add);
        return trainer.train();
    }

    private static List<NaiveBpe.Pair> spelled(Tokenizer tokenizer) {
        return tokenizer.merges().stream()
                .map(merge -> new NaiveBpe.Pair(
                        spelled(tokenizer, merge.left()).getFirst(),
                        spelled(tokenizer, merge.right()).getFirst()))
                .toList();
    }

    private static List<String> spelled(Tokenizer tokenizer, int... tokens) {
        List<String> spelled = new ArrayList<>();
        for (int token : tokens) {
            spelled.add(new String(tokenizer.vocabulary().bytes(token), StandardCharsets.ISO_8859_1));
        }
        return spelled;
    }
}
