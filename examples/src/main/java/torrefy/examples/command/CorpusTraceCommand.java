package torrefy.examples.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import torrefy.core.data.TokenShard;
import torrefy.tokenizer.Tokenizer;
import torrefy.tokenizer.TokenizerFile;
import torrefy.tokenizer.corpus.pack.Trace;

/// Says where a token comes from.
@Command(
        name = "trace",
        description = "Says which document a token of a shard belongs to, and where that came from.",
        mixinStandardHelpOptions = true)
final class CorpusTraceCommand implements Callable<Integer> {

    private static final int AROUND = 12;

    @Option(names = "--shard", paramLabel = "FILE", required = true, description = "A shard that corpus build wrote.")
    private Path shard;

    @Option(names = "--token", paramLabel = "N", required = true, description = "The place of the token, from 0 on.")
    private long token;

    @Override
    public Integer call() throws IOException {
        try (TokenShard tokens = TokenShard.open(shard)) {
            if (token < 0 || token >= tokens.length()) {
                throw new IllegalArgumentException(
                        "--token must be in [0, " + tokens.length() + ") for this shard, got " + token);
            }
            Tokenizer tokenizer = TokenizerFile.read(shard.resolveSibling("tokenizer.json"));
            Optional<Trace> found = Trace.find(shard, token);
            if (found.isEmpty()) {
                System.out.println("token " + token + " is a mark between documents or at the end of a sequence");
            } else {
                print(found.get(), tokens, tokenizer);
            }
        }
        return 0;
    }

    private void print(Trace trace, TokenShard tokens, Tokenizer tokenizer) {
        long begin = trace.at();
        for (long i = trace.token(); i < token; i++) {
            begin += tokenizer.vocabulary().length(tokens.token(i));
        }
        int id = tokens.token(token);
        long end = begin + tokenizer.vocabulary().length(id);
        System.out.printf(Locale.ROOT, "token %d: id %d, %s%n", token, id, tokenizer.display(id));
        System.out.printf("around:   %s%n", around(trace, tokens, tokenizer));
        System.out.printf(
                Locale.ROOT, "document: %s, bytes %d to %d of its clean text%n", trace.document(), begin, end);
        System.out.printf(Locale.ROOT, "source:   %s, bytes %d to %d%n", trace.source(), trace.from(), trace.to());
        System.out.printf("changed:  %s%n", trace.changes().isEmpty() ? "nothing" : trace.changes());
        System.out.printf("passed:   %s%n", trace.passed().isEmpty() ? "no filter ran" : trace.passed());
    }

    /// The tokens before and after, as far as they belong to the same run.
    private String around(Trace trace, TokenShard tokens, Tokenizer tokenizer) {
        int from = (int) Math.min(AROUND, token - trace.token());
        int to = (int) Math.min(AROUND, trace.token() + trace.tokens() - token);
        int[] ids = new int[from + to];
        tokens.read(token - from, ids, 0, ids.length);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < ids.length; i++) {
            text.append(i == from ? "»" : "").append(tokenizer.display(ids[i])).append(i == from ? "«" : "");
        }
        return text.toString();
    }
}
