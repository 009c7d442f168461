package torrefy.tokenizer.corpus.pack;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import torrefy.core.data.TokenShardWriter;

/// Shards `NAME-00000.bin`, `NAME-00001.bin`, … in llm.c's format, each with a trace `NAME-00000.trace.jsonl`: a line
/// for every run of tokens that are neighbours in a document, in order of the tokens.
///
/// A shard is full with the run that reaches its size, so shards hold whole runs. At least one shard is written.
public final class ShardSeries implements AutoCloseable {

    private final Path folder;
    private final String name;
    private final int vocabularySize;
    private final long fullAt;
    private TokenShardWriter shard;
    private BufferedWriter trace;
    private int shards;
    private long tokens;

    public ShardSeries(Path folder, String name, int vocabularySize, long fullAt) throws IOException {
        this.folder = folder;
        this.name = name;
        this.vocabularySize = vocabularySize;
        this.fullAt = fullAt;
        open();
    }

    private void open() throws IOException {
        String file = String.format(Locale.ROOT, "%s-%05d", name, shards++);
        shard = TokenShardWriter.create(folder.resolve(file + ".bin"), vocabularySize);
        trace = Files.newBufferedWriter(folder.resolve(file + ".trace.jsonl"));
    }

    /// Begins a new shard if this one is full. Packing calls it where a shard may end.
    void mayEnd() throws IOException {
        if (shard.length() >= fullAt) {
            finish();
            open();
        }
    }

    /// Appends tokens `from` to `from + count - 1` of a document.
    void write(TokenizedDocument document, int from, int count) throws IOException {
        trace.write(JsonLine.of(
                "token", shard.length(),
                "tokens", count,
                "document", document.key(),
                "source", document.source(),
                "from", document.from(),
                "to", document.to(),
                "at", document.offsets()[from],
                "changes", document.changes(),
                "passed", document.filters()));
        shard.write(document.tokens(), from, count);
        tokens += count;
    }

    /// Appends marks that belong to no document's text.
    void writeMark(int token, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            shard.write(token);
        }
        tokens += times;
    }

    /// Completes the last shard.
    public void finish() throws IOException {
        trace.close();
        shard.commit();
        shard.close();
    }

    /// Tokens in all shards so far.
    public long tokens() {
        return tokens;
    }

    public int shards() {
        return shards;
    }

    @Override
    public void close() throws IOException {
        try {
            trace.close();
        } finally {
            shard.close();
        }
    }
}
