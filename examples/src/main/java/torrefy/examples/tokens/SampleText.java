package torrefy.examples.tokens;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Random;
import torrefy.tokenizer.corpus.CleaningConfig;
import torrefy.tokenizer.corpus.Corpus;
import torrefy.tokenizer.corpus.read.Document;
import torrefy.tokenizer.corpus.read.JdkSources;

/// A few megabytes of text that every reader has, for steps 2 and 4: Java sources of the running JDK, or, where it came
/// without them, a text of invented words.
///
/// Only ASCII, so that a byte is a character and a scanner for it fits on a screen; documents with other characters are
/// left out.
///
/// @param name where the text comes from
record SampleText(String name, byte[] bytes) {

    /// The first `size` bytes.
    static SampleText of(int size) throws IOException {
        try {
            return ofJdk(size);
        } catch (NoSuchFileException e) {
            return invented(size);
        }
    }

    private static SampleText ofJdk(int size) throws IOException {
        long more = 2L * size + 1_000_000;
        CleaningConfig config =
                CleaningConfig.standard().withValidationFraction(0).withByteLimit(more);
        StringBuilder text = new StringBuilder();
        for (Document document :
                Corpus.collect(JdkSources.find("java.base"), config).training()) {
            String source = new String(document.bytes(), StandardCharsets.UTF_8);
            if (source.length() == document.bytes().length) {
                text.append(source);
            }
        }
        return cut("Java sources", text, size);
    }

    /// Sentences of words made from syllables. Word number k is drawn about 1/k as often as the first: so it is in
    /// every language (Zipf's law), and what follows from it about caches holds here too.
    static SampleText invented(int size) {
        Random random = new Random(1);
        String[] words = new String[50_000];
        for (int i = 0; i < words.length; i++) {
            words[i] = word(random, 1 + random.nextInt(4));
        }
        StringBuilder text = new StringBuilder();
        for (int count = 1; text.length() < size; count++) {
            int rank = (int) Math.pow(words.length, random.nextDouble());
            text.append(words[rank - 1]).append(count % 12 == 0 ? ".\n" : " ");
        }
        return cut("invented words", text, size);
    }

    private static String word(Random random, int syllables) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < syllables; i++) {
            word.append("bdfghklmnprstvwz".charAt(random.nextInt(16))).append("aeiou".charAt(random.nextInt(5)));
        }
        return word.toString();
    }

    private static SampleText cut(String name, StringBuilder text, int size) {
        text.setLength(Math.min(text.length(), size));
        return new SampleText(name, text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    /// The first `size` bytes of this text.
    SampleText beginning(int size) {
        return cut(name, new StringBuilder(text()), size);
    }

    String text() {
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
