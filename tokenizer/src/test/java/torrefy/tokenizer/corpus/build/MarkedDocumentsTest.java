package torrefy.tokenizer.corpus.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import torrefy.core.data.TokenShard;
import torrefy.tokenizer.BpeConfig;
import torrefy.tokenizer.BpeTrainer;
import torrefy.tokenizer.Tokenizer;
import torrefy.tokenizer.TokenizerJson;

/// A tokenizer whose texts begin with a mark of their own, as Llama 3's do.
class MarkedDocumentsTest {

    @TempDir
    Path folder;

    @Test
    void everyDocumentStandsBetweenItsMarks() throws IOException {
        BpeTrainer trainer = new BpeTrainer(BpeConfig.of(300));
        trainer.add(SmallFiles.prose(1, 20));
        Tokenizer tokenizer = trainer.train();
        int begin = 'B';
        Path file = folder.resolve("tokenizer.json");
        TokenizerJson.write(tokenizer.withBeginning(begin), file);
        Path input = Files.createDirectory(folder.resolve("input"));
        for (int i = 0; i < 20; i++) {
            Files.writeString(input.resolve(i + ".txt"), SmallFiles.prose(i, 14));
        }
        Path out = folder.resolve("out");
        CorpusBuild.run(
                SmallFiles.settings(input).withTokenizer(new BuildSettings.Tokens(file, 300, 1 << 16)),
                out,
                1,
                line -> {});
        int documents = 0;
        for (Path path : CorpusFolder.open(out).shards()) {
            try (TokenShard shard = TokenShard.open(path)) {
                int before = tokenizer.endOfText();
                for (long at = 0; at < shard.length(); at++) {
                    int token = shard.token(at);
                    if (before == tokenizer.endOfText()) {
                        assertEquals(begin, token, path + ", token " + at);
                        documents++;
                    }
                    before = token;
                }
            }
        }
        assertTrue(documents >= 18, documents + " documents");
    }
}
