package torrefy.examples.command;

import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import torrefy.tokenizer.SplitPattern;
import torrefy.tokenizer.Tokenizer;
import torrefy.tokenizer.TokenizerFile;

/// The option that says which tokenizer.
final class TokenizerChoice {

    @Option(
            names = {"-t", "--tokenizer"},
            paramLabel = "FILE",
            required = true,
            description = "tokenizer.json, the folder of a run, a folder with vocab.json and merges.txt, or a rank file"
                    + " such as cl100k_base.tiktoken.")
    private Path file;

    Tokenizer read() throws IOException {
        return TokenizerFile.read(file);
    }

    Path file() {
        return file;
    }

    /// A split pattern by its name, or as a regular expression.
    static SplitPattern pattern(String name) {
        return switch (name) {
            case "gpt2" -> SplitPattern.GPT_2;
            case "gpt4" -> SplitPattern.GPT_4;
            case "gpt4o" -> SplitPattern.GPT_4O;
            default -> SplitPattern.of(name);
        };
    }

    /// @param threads null for as many as there are processors
    static int threads(Integer threads) {
        int count = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        if (count < 1) {
            throw new IllegalArgumentException("--threads must be at least 1, got " + count);
        }
        return count;
    }
}
