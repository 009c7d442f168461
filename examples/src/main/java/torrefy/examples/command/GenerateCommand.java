package torrefy.examples.command;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import torrefy.core.backend.Backend;
import torrefy.examples.quickstart.RunFolder;
import torrefy.examples.quickstart.Writing;
import torrefy.model.architecture.Transformer;
import torrefy.model.generation.Sampler;
import torrefy.tokenizer.Tokenizer;

/// Lets a trained model continue a text.
@Command(name = "generate", description = "Continues a text with the model of a run.", mixinStandardHelpOptions = true)
public final class GenerateCommand implements Callable<Integer> {

    @Option(names = "--run", paramLabel = "DIR", required = true, description = "The folder of a run.")
    private Path run;

    @Option(names = "--prompt", paramLabel = "TEXT", required = true, description = "The text to continue.")
    private String prompt;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            defaultValue = "200",
            description = "Tokens to write at most (default: ${DEFAULT-VALUE}).")
    private int tokens;

    @Option(
            names = "--temperature",
            paramLabel = "X",
            defaultValue = "0.8",
            description =
                    "Below 1 for the likely, above for the unlikely; 0 takes the likeliest (default: ${DEFAULT-VALUE}).")
    private double temperature;

    @Option(
            names = "--top-k",
            paramLabel = "N",
            defaultValue = "0",
            description = "Draw from the N likeliest tokens only; 0 for all (default: ${DEFAULT-VALUE}).")
    private int topK;

    @Option(
            names = "--top-p",
            paramLabel = "X",
            defaultValue = "0.95",
            description =
                    "Draw from the likeliest tokens that hold this probability together (default: ${DEFAULT-VALUE}).")
    private double topP;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "The same seed gives the same text (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private Computing computing;

    @Override
    public Integer call() throws Exception {
        if (tokens < 1) {
            throw new IllegalArgumentException("--tokens must be at least 1, got " + tokens);
        }
        Sampler sampler = new Sampler(temperature, topK, topP);
        RunFolder folder = RunFolder.open(run);
        Tokenizer tokenizer = folder.loadTokenizer();
        try (Backend backend = computing.open()) {
            Transformer model = folder.loadModel(backend, tokenizer);
            System.out.print(prompt);
            long start = System.nanoTime();
            int written = new Writing(model, tokenizer, sampler, seed).continueText(prompt, tokens, text -> {
                System.out.print(text);
                System.out.flush();
            });
            double seconds = (System.nanoTime() - start) / 1e9;
            System.out.println();
            System.err.printf(Locale.ROOT, "%d tokens in %.1f s, %.0f tokens/s%n", written, seconds, written / seconds);
        }
        return 0;
    }
}
