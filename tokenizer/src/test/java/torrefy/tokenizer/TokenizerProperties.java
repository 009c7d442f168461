package torrefy.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TokenizerProperties {

    private static final String TEXT =
            "The quick brown fox, the lazy dog; größer und größer, 日本日本語 2024 2025.\n\n\tint x = 1;\n".repeat(10);

    private static final List<Tokenizer> TOKENIZERS = List.of(trained(SplitPattern.GPT_2), trained(SplitPattern.GPT_4));

    private static Tokenizer trained(SplitPattern pattern) {
        BpeTrainer trainer = new BpeTrainer(BpeConfig.of(400).withSplitPattern(pattern));
        trainer.add(TEXT);
        return trainer.train();
    }

    @Property(tries = 1000)
    void decodingWhatWasEncodedGivesBackAnyBytes(@ForAll byte[] bytes) {
        for (Tokenizer tokenizer : TOKENIZERS) {
            assertArrayEquals(bytes, tokenizer.decode(tokenizer.encode(bytes)));
        }
    }

    @Property(tries = 500)
    void decodingWhatWasEncodedGivesBackAnyText(@ForAll String text) {
        byte[] expected = Utf8.encode(text);
        for (Tokenizer tokenizer : TOKENIZERS) {
            assertArrayEquals(expected, tokenizer.decode(tokenizer.encode(text)));
            assertEquals(new String(expected, StandardCharsets.UTF_8), tokenizer.decodeText(tokenizer.encode(text)));
        }
    }

    @Property(tries = 300)
    void textAndItsBytesAreEncodedAlike(@ForAll String text) {
        for (Tokenizer tokenizer : TOKENIZERS) {
            assertArrayEquals(tokenizer.encode(Utf8.encode(text)), tokenizer.encode(text));
            assertArrayEquals(tokenizer.encode(text), tokenizer.encode(text, Set.of()));
        }
    }

    /// Bytes that begin, continue and break characters of every length, in any order.
    @Provide
    Arbitrary<List<Integer>> brokenCharacters() {
        return Arbitraries.of(
                        (int) 'a', 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xE0, 0xE1, 0xED, 0xF0, 0xF1, 0xF4,
                        0xF5, 0xFF)
                .list()
                .ofMaxSize(12);
    }

    @Property(tries = 5000)
    void textInPiecesComesOutOfTheStreamAsAWhole(@ForAll("brokenCharacters") List<Integer> values) {
        byte[] bytes = new byte[values.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = values.get(i).byteValue();
        }
        Tokenizer tokenizer = TOKENIZERS.getFirst();
        int[] tokens = tokenizer.encode(bytes);
        assertEquals(tokenizer.decodeText(tokens), streamed(tokenizer, tokens));
    }

    @Property(tries = 200)
    void tokensOfManyBytesComeOutOfTheStreamAsAWhole(@ForAll String text) {
        for (Tokenizer tokenizer : TOKENIZERS) {
            int[] tokens = tokenizer.encode(TEXT + text);
            assertEquals(tokenizer.decodeText(tokens), streamed(tokenizer, tokens));
        }
    }

    private static String streamed(Tokenizer tokenizer, int[] tokens) {
        TextDecoder decoder = tokenizer.textDecoder();
        StringBuilder streamed = new StringBuilder();
        for (int token : tokens) {
            streamed.append(decoder.accept(token));
        }
        return streamed.append(decoder.finish()).toString();
    }

    @Property(tries = 200)
    void plainTextNeverBecomesASpecialToken(@ForAll String before, @ForAll String after) {
        for (Tokenizer tokenizer : TOKENIZERS) {
            for (int token : tokenizer.encode(before + "<|endoftext|>" + after)) {
                assertEquals(false, tokenizer.specialTokens().contains(token));
            }
        }
    }
}
