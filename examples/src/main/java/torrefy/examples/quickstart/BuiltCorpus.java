package torrefy.examples.quickstart;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import torrefy.core.data.TokenShard;
import torrefy.core.data.TokenShardWriter;
import torrefy.tokenizer.Tokenizer;
import torrefy.tokenizer.TokenizerFile;
import torrefy.tokenizer.corpus.build.CorpusFolder;
import torrefy.tokenizer.corpus.read.Document;

/// What `corpus build` made: cleaned, deduplicated, tokenized, and to be trained on as it is.
///
/// @param corpus with the shards
/// @param tokenizer that made their tokens
public record BuiltCorpus(CorpusFolder corpus, Tokenizer tokenizer) {

    private static final int PART = 1 << 16;

    /// The corpus in a folder that `corpus build` wrote, or whose part with the tokens this is; empty if it is another
    /// folder, or a file.
    ///
    /// @param path null for the JDK's sources
    /// @throws IOException if the corpus is not finished
    public static Optional<BuiltCorpus> in(Path path) throws IOException {
        Optional<CorpusFolder> corpus = path == null ? Optional.empty() : CorpusFolder.at(path);
        return corpus.isEmpty()
                ? Optional.empty()
                : Optional.of(new BuiltCorpus(
                        corpus.get(), TokenizerFile.read(corpus.get().tokenizer())));
    }

    /// Refuses a model whose tokens are others.
    void requireSameTokens(Tokenizer model) throws IOException {
        if (!model.fingerprint().equals(tokenizer.fingerprint())) {
            throw new IOException(
                    corpus.folder() + ": its tokens are not those of the model to train further; build the corpus"
                            + " with --tokenizer and the model's tokenizer.json");
        }
    }

    /// Writes the tokens to train on as one shard; returns how many they are.
    long writeTraining(Path shard) throws IOException {
        int[] part = new int[PART];
        try (TokenShardWriter writer = TokenShardWriter.create(shard, tokenizer.vocabularySize())) {
            for (Path file : corpus.trainingShards()) {
                try (TokenShard from = open(file)) {
                    for (long at = 0; at < from.length(); at += PART) {
                        int count = (int) Math.min(PART, from.length() - at);
                        from.read(at, part, 0, count);
                        writer.write(part, 0, count);
                    }
                }
            }
            writer.commit();
            return writer.length();
        }
    }

    /// The first held-out documents, with at least `bytes` bytes of text if there are so many.
    ///
    /// @throws IOException if there are none
    List<Document> heldOut(long bytes) throws IOException {
        List<Document> documents = new ArrayList<>();
        long total = 0;
        for (Path file : corpus.validationShards()) {
            try (TokenShard from = open(file)) {
                long begin = 0;
                for (long at = 0; at < from.length() && total < bytes; at++) {
                    if (from.token(at) == tokenizer.endOfText() || at == from.length() - 1) {
                        int[] tokens = new int[(int) (at + 1 - begin)];
                        from.read(begin, tokens, 0, tokens.length);
                        byte[] text = text(tokens);
                        if (text.length > 0) {
                            documents.add(new Document(file + ", token " + begin, text));
                        }
                        total += text.length;
                        begin = at + 1;
                    }
                }
            }
        }
        if (documents.isEmpty()) {
            throw new IOException(
                    corpus.folder() + ": holds no text to validate on; build the corpus with --validation above 0,"
                            + " or of more documents");
        }
        return documents;
    }

    /// What these tokens stand for, without marks.
    private byte[] text(int[] tokens) {
        int[] words = Arrays.stream(tokens)
                .filter(token -> !tokenizer.specialTokens().contains(token))
                .toArray();
        return tokenizer.decode(words);
    }

    private TokenShard open(Path file) throws IOException {
        TokenShard shard = TokenShard.open(file);
        try {
            shard.requireTokensBelow(tokenizer.vocabularySize());
        } catch (IOException e) {
            shard.close();
            throw e;
        }
        return shard;
    }
}
