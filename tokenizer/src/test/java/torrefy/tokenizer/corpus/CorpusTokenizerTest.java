package torrefy.tokenizer.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import torrefy.core.data.TokenShard;
import torrefy.tokenizer.BpeConfig;
import torrefy.tokenizer.BpeTrainer;
import torrefy.tokenizer.Tokenizer;
import torrefy.tokenizer.corpus.read.Document;

class CorpusTokenizerTest {

    @TempDir
    Path folder;

    private static List<Document> documents(int count) {
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String text = "document number " + i + " of many, number ".repeat(i % 7);
            documents.add(new Document("" + i, text.getBytes(StandardCharsets.UTF_8)));
        }
        return documents;
    }

    private static Tokenizer trained(int vocabularySize, List<Document> documents) {
        BpeTrainer trainer = new BpeTrainer(BpeConfig.of(vocabularySize));
        documents.forEach(document -> trainer.add(document.bytes()));
        return trainer.train();
    }

    @Test
    void eachDocumentIsFollowedByTheEndOfTextMark() throws IOException {
        List<Document> documents = documents(600);
        Tokenizer tokenizer = trained(300, documents);
        Path file = folder.resolve("train.bin");
        CorpusTokenizer.Shard written = new CorpusTokenizer(tokenizer, 2).write(documents, file);
        assertEquals(600, written.documents());
        assertEquals(Corpus.bytes(documents), written.bytes());
        try (TokenShard shard = TokenShard.open(file)) {
            assertEquals(written.tokens(), shard.length());
            int[] tokens = new int[(int) shard.length()];
            shard.read(0, tokens, 0, tokens.length);
            int at = 0;
            for (Document document : documents) {
                int start = at;
                while (tokens[at] != tokenizer.endOfText()) {
                    at++;
                }
                assertArrayEquals(document.bytes(), tokenizer.decode(Arrays.copyOfRange(tokens, start, at)));
                at++;
            }
            assertEquals(tokens.length, at);
        }
    }

    @Test
    void theFileDoesNotDependOnTheNumberOfThreads() throws IOException {
        List<Document> documents = documents(207);
        Tokenizer tokenizer = trained(280, documents);
        byte[] expected = null;
        for (int threads : new int[] {1, 2, 7}) {
            Path file = folder.resolve(threads + ".bin");
            new CorpusTokenizer(tokenizer, threads).write(documents, file);
            byte[] bytes = Files.readAllBytes(file);
            expected = expected == null ? bytes : expected;
            assertArrayEquals(expected, bytes);
        }
    }

    @Test
    void noDocumentsGiveAnEmptyShard() throws IOException {
        Path file = folder.resolve("empty.bin");
        assertEquals(
                0,
                new CorpusTokenizer(trained(257, List.of()), 1)
                        .write(List.of(), file)
                        .tokens());
        try (TokenShard shard = TokenShard.open(file)) {
            assertEquals(0, shard.length());
        }
    }

    @Test
    void aTokenizerWithoutTheMarkIsRefused() {
        Tokenizer tokenizer = new BpeTrainer(BpeConfig.of(256 + 1).withSpecialTokens(List.of())).train();
        assertThrows(IllegalArgumentException.class, () -> new CorpusTokenizer(tokenizer, 1));
    }

    @Test
    void aMissingFolderIsNamed() {
        Path file = folder.resolve("missing").resolve("train.bin");
        IOException refused = assertThrows(
                IOException.class, () -> new CorpusTokenizer(trained(257, List.of()), 1).write(List.of(), file));
        assertEquals(true, refused.getMessage().contains("missing"), refused.getMessage());
    }
}
