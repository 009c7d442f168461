package torrefy.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerCommandTest {

    private static final String TEXT = "The quick brown fox jumps over the lazy dog, größer.\n".repeat(40);

    @TempDir
    Path folder;

    private Path text;
    private Path tokenizer;

    @BeforeEach
    void train() throws IOException {
        text = Files.writeString(folder.resolve("text.txt"), TEXT);
        tokenizer = folder.resolve("tokenizer.json");
        Captured trained = Captured.torrefy("tokenizer", "train", text, "--vocabulary", 280, "--out", tokenizer);
        assertEquals(0, trained.code(), trained.err());
        assertTrue(trained.out().contains("280 tokens from 0.0 MB"), trained.out());
    }

    private static Captured withInput(String input, Object... arguments) {
        InputStream in = System.in;
        try {
            System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
            return Captured.torrefy(arguments);
        } finally {
            System.setIn(in);
        }
    }

    @Test
    void whatIsEncodedIsDecodedAgain() throws IOException {
        Captured ids = Captured.torrefy("tokenizer", "encode", "-t", tokenizer, text);
        assertTrue(ids.out().matches("(\\d+ )+\\d+\n"), ids.out());
        assertEquals(
                TEXT,
                withInput(ids.out(), "tokenizer", "decode", "-t", tokenizer).out());
        assertEquals(
                ids.out(),
                withInput(TEXT, "tokenizer", "encode", "-t", tokenizer).out());
        String count = Captured.torrefy("tokenizer", "encode", "-t", tokenizer, "--count", text)
                .out();
        assertTrue(count.startsWith(ids.out().split(" ").length + " tokens, " + Files.size(text) + " bytes"), count);

        Path shard = folder.resolve("text.bin");
        Captured written = Captured.torrefy("tokenizer", "encode", "-t", tokenizer, text, "--out", shard);
        assertEquals(0, written.code(), written.err());
        assertEquals(
                TEXT + "<|endoftext|>",
                Captured.torrefy("tokenizer", "decode", "-t", tokenizer, shard).out());

        byte[] withHeader = Files.readAllBytes(shard);
        Path headerless = folder.resolve("headerless.bin");
        Files.write(headerless, Arrays.copyOfRange(withHeader, 1024, withHeader.length));
        assertEquals(
                TEXT + "<|endoftext|>",
                Captured.torrefy("tokenizer", "decode", "-t", tokenizer, "--headerless", headerless)
                        .out());
    }

    @Test
    void tokensAreShownWithTheirIds() {
        Captured shown = Captured.torrefy("tokenizer", "show", "-t", tokenizer, "the dog\tß", "--special");
        assertEquals(0, shown.code(), shown.err());
        assertEquals(3, shown.lines().size(), shown.out());
        assertTrue(shown.lines().get(0).endsWith("‹09›|‹C3›|‹9F›"), shown.out());
        assertTrue(shown.lines().get(1).endsWith(" 9 195 159"), shown.out());
        assertTrue(shown.lines().get(2).contains("10 bytes"), shown.out());
    }

    @Test
    void vocabulariesAreJudgedSideBySide() {
        Path other = folder.resolve("other.json");
        Captured.torrefy("tokenizer", "train", text, "--vocabulary", 300, "--pattern", "gpt2", "--out", other);
        Path picture = folder.resolve("use.png");
        Captured table = Captured.torrefy(
                "tokenizer", "stats", "-t", tokenizer, "--against", other, "--corpus", text, "--picture", picture);
        assertEquals(0, table.code(), table.err());
        assertTrue(table.lines().get(1).matches("tokens in the vocabulary +280 +\\d+"), table.out());
        assertTrue(table.out().contains("Latin"), table.out());
        assertTrue(Files.exists(picture) || table.out().contains("not drawn"), table.out());
    }

    @Test
    void aVocabularyThatTheTextCannotFillSaysHowManyTokensThereAre() {
        Captured trained =
                withInput("abab", "tokenizer", "train", "--vocabulary", 5000, "--out", folder.resolve("s.json"));
        assertTrue(trained.out().contains("258 tokens"), trained.out());
        assertTrue(trained.out().contains("5,000 were asked for"), trained.out());
    }

    @Test
    void mistakesAreToldInOneLine() {
        Captured.torrefy("tokenizer").assertRefused(2, "tokenizer what?");
        Captured.torrefy("tokenizer", "train", folder.resolve("none.txt")).assertRefused(1, "no such file");
        withInput("", "tokenizer", "train").assertRefused(1, "no text to learn from on stdin");
        Captured.torrefy("tokenizer", "train", text, "--vocabulary", 100, "--out", tokenizer)
                .assertRefused(1, "at least 257");
        withInput("a".repeat(200), "tokenizer", "train", "--pattern", "(?:(a+)\\1?)+b", "--out", folder.resolve("x"))
                .assertRefused(1, "backtracks without end");
        withInput("5 99999", "tokenizer", "decode", "-t", tokenizer).assertRefused(1, "99999");
        withInput("5 x7", "tokenizer", "decode", "-t", tokenizer).assertRefused(1, "'x7' is no token id");
        Captured.torrefy("tokenizer", "show", "-t", folder.resolve("n.json"), "a")
                .assertRefused(1, "no such tokenizer");
        assertTrue(Files.notExists(folder.resolve("x")));
    }
}
