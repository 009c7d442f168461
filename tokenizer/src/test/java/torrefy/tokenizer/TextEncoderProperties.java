package torrefy.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import torrefy.core.parallel.ParallelLoop;

/// Text that comes in parts, or goes to several threads, has the tokens of the whole.
class TextEncoderProperties {

    private static final List<Tokenizer> TOKENIZERS = List.of(
            trained(SplitPattern.GPT_2),
            trained(SplitPattern.GPT_4),
            trained(SplitPattern.GPT_4O),
            trained(SplitPattern.of("\\S+|\\s+")),
            withWord(trained(SplitPattern.QWEN_2)).withComposing(true));

    /// One word becomes its token wherever it stands.
    private static Tokenizer withWord(Tokenizer trained) {
        return new Tokenizer(
                trained.vocabulary(),
                trained.merges(),
                trained.splitPattern(),
                new SpecialTokens(trained.specialTokens().ids(), Set.of(SpecialTokens.END_OF_TEXT)),
                false);
    }

    private static Tokenizer trained(SplitPattern pattern) {
        BpeTrainer trainer = new BpeTrainer(BpeConfig.of(500).withSplitPattern(pattern));
        trainer.add(text(new Random(1), 20_000));
        return trainer.train();
    }

    /// Words, numbers, signs and white space of all kinds; stretches without a place to cut; broken characters.
    private static byte[] text(Random random, int atLeast) {
        String[] parts = {
            "the", "The", "straße", "日本", "1234", "5", " ", "  ", "\n", "\r\n", "\n\n  ", "\t", ".", "...", "'s", "'ll",
            "😀", "\u00a0", "\u3000", "e\u0301", "/", "(", "==", "\u0000"
        };
        // What composes with what is before it, or comes apart; and a name.
        String[] rare = {"\u0301", "\u0323", "\ufb1d", "\u1112\u1161", "\u11ab", SpecialTokens.END_OF_TEXT};
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (out.size() < atLeast) {
            switch (random.nextInt(100)) {
                case 0 -> out.writeBytes(" ".repeat(random.nextInt(3_000)).getBytes());
                case 1 -> out.writeBytes("a".repeat(random.nextInt(3_000)).getBytes());
                case 2 -> out.write(random.nextInt(256));
                case 3, 4, 5, 6, 7, 8, 9 -> out.writeBytes(Utf8.encode(rare[random.nextInt(rare.length)]));
                default -> out.writeBytes(Utf8.encode(parts[random.nextInt(parts.length)]));
            }
        }
        return out.toByteArray();
    }

    @Property(tries = 30)
    void partsOfAnySizeHaveTheTokensOfTheWhole(@ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int threads)
            throws IOException {
        Random random = new Random(seed);
        byte[] text = text(random, random.nextInt(60_000));
        try (ParallelLoop loop = new ParallelLoop(threads)) {
            for (Tokenizer tokenizer : TOKENIZERS) {
                int[] expected = tokenizer.encode(text);
                assertArrayEquals(expected, tokenizer.encode(text, loop));
                byte[] composed = tokenizer.composed(text);
                Portions portions = Portions.of(composed, composed.length, tokenizer.splitPattern(), 1_000);
                assertArrayEquals(expected, Portions.concatenation(portions.encode(tokenizer, loop)));

                TokenBuffer tokens = new TokenBuffer();
                TextEncoder encoder = new TextEncoder(tokenizer, loop, tokens::addAll, 1 + random.nextInt(5_000));
                for (int at = 0; at < text.length; ) {
                    int count = Math.min(text.length - at, 1 + random.nextInt(10_000));
                    encoder.accept(text, at, count);
                    at += count;
                }
                encoder.finish();
                assertArrayEquals(expected, tokens.toArray());

                tokens.clear();
                encoder.encode(new ByteArrayInputStream(text));
                assertArrayEquals(expected, tokens.toArray());
            }
        }
    }

    /// A text of words is passed on while it comes.
    @Example
    void onlyAnUnfinishedStretchIsHeldBack() throws IOException {
        byte[] text = "word ".repeat(1_000_000).getBytes();
        TokenBuffer tokens = new TokenBuffer();
        try (ParallelLoop loop = new ParallelLoop(1)) {
            TextEncoder encoder = TOKENIZERS.getFirst().textEncoder(loop, tokens::addAll);
            encoder.accept(text, 0, text.length);
            int early = tokens.size();
            encoder.finish();
            assertTrue(early > tokens.size() / 2, early + " of " + tokens.size());
            encoder.finish();
            assertEquals(TOKENIZERS.getFirst().encode(text).length, tokens.size());
        }
    }

    /// Stretches without a place to cut, longer than what is held at first.
    @Example
    void aTextWithoutAPlaceToCutIsHeldAsAWhole() throws IOException {
        for (String unit : List.of("a", " ", "!", "😀", "1", "\n")) {
            byte[] text = Utf8.encode(unit.repeat(1_200_000 / Utf8.encode(unit).length));
            TokenBuffer tokens = new TokenBuffer();
            try (ParallelLoop loop = new ParallelLoop(2)) {
                TOKENIZERS.get(1).textEncoder(loop, tokens::addAll).encode(new ByteArrayInputStream(text));
                assertArrayEquals(TOKENIZERS.get(1).encode(text), tokens.toArray());
            }
        }
    }
}
