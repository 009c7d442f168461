package torrefy.tokenizer.corpus;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import torrefy.core.data.TokenShardWriter;
import torrefy.core.parallel.ParallelLoop;
import torrefy.tokenizer.Tokenizer;
import torrefy.tokenizer.corpus.read.Document;

/// Writes documents as token shards: the tokens of each document, then the end-of-text mark. If the tokenizer's texts
/// begin with marks of their own, they come first.
public final class CorpusTokenizer {

    /// Documents are encoded in batches and then written: a batch has work for all threads and fits into memory.
    private static final int MOST_DOCUMENTS = 256;

    private static final long ENOUGH_BYTES = 1 << 24;

    /// What was written.
    ///
    /// @param file the shard
    /// @param documents their number
    /// @param tokens tokens in the shard, the marks included
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
        int[] beginning = tokenizer.hasBeginning() ? tokenizer.startOfText() : new int[0];
        int[][] encoded = new int[MOST_DOCUMENTS][];
        try (TokenShardWriter writer = TokenShardWriter.create(file, tokenizer.vocabularySize());
                ParallelLoop loop = new ParallelLoop(threads)) {
            for (int start = 0; start < documents.size(); ) {
                List<Document> batch = documents.subList(start, endOfBatch(documents, start));
                loop.run(
                        batch.size(),
                        (piece, worker) -> encoded[piece] =
                                tokenizer.encode(batch.get(piece).bytes()));
                for (int i = 0; i < batch.size(); i++) {
                    writer.write(beginning, 0, beginning.length);
                    writer.write(encoded[i], 0, encoded[i].length);
                    writer.write(tokenizer.endOfText());
                }
                start += batch.size();
            }
            writer.commit();
            return new Shard(file, documents.size(), writer.length(), Corpus.bytes(documents));
        }
    }

    private static int endOfBatch(List<Document> documents, int start) {
        int end = start;
        long bytes = 0;
        while (end < documents.size() && end - start < MOST_DOCUMENTS && bytes < ENOUGH_BYTES) {
            bytes += documents.get(end).bytes().length;
            end++;
        }
        return end;
    }
}
