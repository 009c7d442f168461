package torrefy.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

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

    /// Parts of the training text meet merges where random bytes rarely do.
    @Property(tries = 500)
    void textInPiecesComesOutOfTheStreamAsAWhole(@ForAll byte[] noise, @ForAll int at) {
        byte[] text = Utf8.encode(TEXT);
        byte[] mixed = text.clone();
        System.arraycopy(noise, 0, mixed, Math.floorMod(at, text.length - 300), Math.min(300, noise.length));
        for (Tokenizer tokenizer : TOKENIZERS) {
            int[] tokens = tokenizer.encode(mixed);
            TextDecoder decoder = tokenizer.textDecoder();
            StringBuilder streamed = new StringBuilder();
            for (int token : tokens) {
                streamed.append(decoder.accept(token));
            }
            streamed.append(decoder.finish());
            assertEquals(tokenizer.decodeText(tokens), streamed.toString());
        }
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
