package torrefy.examples.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import torrefy.core.data.TokenShardWriter;
import torrefy.core.parallel.ParallelLoop;
import torrefy.tokenizer.TokenSink;
import torrefy.tokenizer.Tokenizer;

/// Turns text into token ids.
@Command(
        name = "encode",
        description = "Writes the token ids of text: as text on stdout, as a shard, or only their number.",
        mixinStandardHelpOptions = true)
final class TokenizerEncodeCommand implements Callable<Integer> {

    @Mixin
    private TokenizerChoice choice;

    @Parameters(paramLabel = "FILE", description = "Text files of any size; none for stdin.")
    private List<Path> files = List.of();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Write a shard instead, with the tokenizer's marks around each file.")
    private Path out;

    @Option(names = "--count", description = "Only say how many tokens there are.")
    private boolean count;

    @Option(names = "--threads", paramLabel = "N", description = "Threads to encode with (default: all processors).")
    private Integer threads;

    private long tokens;
    private long bytes;

    @Override
    public Integer call() throws IOException {
        for (Path file : files) {
            if (!Files.isRegularFile(file)) {
                throw new NoSuchFileException(file + ": no such file");
            }
        }
        Tokenizer tokenizer = choice.read();
        try (ParallelLoop loop = new ParallelLoop(TokenizerChoice.threads(threads))) {
            if (count) {
                encode(tokenizer, loop, (ids, from, length) -> tokens += length, () -> {}, () -> {});
                System.out.printf(
                        Locale.ROOT,
                        "%d tokens, %d bytes, %.3f bytes a token%n",
                        tokens,
                        bytes,
                        (double) bytes / tokens);
            } else if (out != null) {
                writeShard(tokenizer, loop);
            } else {
                PrintStream text = new PrintStream(System.out, false, StandardCharsets.US_ASCII);
                encode(tokenizer, loop, (ids, from, length) -> print(text, ids, from, length), () -> {}, text::println);
                text.flush();
            }
        }
        return 0;
    }

    private void writeShard(Tokenizer tokenizer, ParallelLoop loop) throws IOException {
        try (TokenShardWriter writer = TokenShardWriter.create(out, tokenizer.vocabularySize())) {
            int[] beginning = tokenizer.hasBeginning() ? tokenizer.startOfText() : new int[0];
            encode(
                    tokenizer,
                    loop,
                    writer::write,
                    () -> writer.write(beginning, 0, beginning.length),
                    () -> writer.write(tokenizer.endOfText()));
            writer.commit();
            System.out.printf(Locale.ROOT, "%s: %d tokens of %d bytes%n", out, writer.length(), bytes);
        }
    }

    /// What is to be done where a text begins or ends.
    @FunctionalInterface
    private interface Edge {
        void pass() throws IOException;
    }

    private void encode(Tokenizer tokenizer, ParallelLoop loop, TokenSink sink, Edge beginning, Edge end)
            throws IOException {
        if (files.isEmpty()) {
            beginning.pass();
            encode(System.in, tokenizer, loop, sink);
            end.pass();
        }
        for (Path file : files) {
            beginning.pass();
            try (InputStream text = Files.newInputStream(file)) {
                encode(text, tokenizer, loop, sink);
            }
            end.pass();
        }
    }

    private void encode(InputStream text, Tokenizer tokenizer, ParallelLoop loop, TokenSink sink) throws IOException {
        tokenizer
                .textEncoder(loop, (ids, from, length) -> {
                    for (int i = from; i < from + length; i++) {
                        bytes += tokenizer.vocabulary().length(ids[i]);
                    }
                    sink.accept(ids, from, length);
                })
                .encode(text);
    }

    private void print(PrintStream text, int[] ids, int from, int length) {
        StringBuilder line = new StringBuilder();
        for (int i = from; i < from + length; i++) {
            line.append(tokens++ == 0 ? "" : " ").append(ids[i]);
        }
        text.print(line);
    }
}
