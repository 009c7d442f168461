package torrefy.tokenizer.corpus;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import torrefy.core.data.TokenShardWriter;
import torrefy.core.parallel.ParallelLoop;
import torrefy.tokenizer.Tokenizer;

/// Writes documents as token shards: the tokens of each document, then the end-of-text mark.
public final class CorpusTokenizer {

    /// Documents encoded before they are written: enough for all threads, few enough to be held in memory.
    private static final int BATCH = 256;

    /// What was written.
    ///
    /// @param file the shard
    /// @param documents their number
    /// @param tokens tokens in the shard, the end-of-text marks included
    /// @param bytes bytes of text, which the marks are not
    public record Shard(Path file, long documents, long tokens, long bytes) {

        /// How much text a token stands for.
        public double bytesPerToken() {
            return (double) bytes / tokens;
        }
    }

    private final Tokenizer tokenizer;
    private final int threads;

    /// @throws IllegalArgumentException if the tokenizer has no end-of-text mark
    public CorpusTokenizer(Tokenizer tokenizer, int threads) {
        this.tokenizer = tokenizer;
        this.threads = threads;
        tokenizer.endOfText();
    }

    /// Writes one shard, atomically. The same documents give the same file, whatever the number of threads.
    ///
    /// @throws IOException if the file cannot be written
    public Shard write(List<Document> documents, Path file) throws IOException {
        int[][] encoded = new int[Math.min(BATCH, documents.size())][];
        try (TokenShardWriter writer = TokenShardWriter.create(file, tokenizer.vocabularySize());
                ParallelLoop loop = new ParallelLoop(threads)) {
            for (int start = 0; start < documents.size(); start += BATCH) {
                List<Document> batch = documents.subList(start, Math.min(start + BATCH, documents.size()));
                loop.run(
                        batch.size(),
                        (piece, worker) -> encoded[piece] =
                                tokenizer.encode(batch.get(piece).bytes()));
                for (int i = 0; i < batch.size(); i++) {
                    writer.write(encoded[i], 0, encoded[i].length);
                    writer.write(tokenizer.endOfText());
                }
            }
            writer.commit();
            return new Shard(file, documents.size(), writer.length(), Corpus.bytes(documents));
        }
    }
}
