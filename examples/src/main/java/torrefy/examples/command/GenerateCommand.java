package torrefy.examples.command;

import java.nio.file.Path;
import java.util.List;
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
import torrefy.model.generation.Speed;
import torrefy.tokenizer.Tokenizer;

/// Lets a trained model continue a text.
@Command(name = "generate", description = "Continues a text with the model of a run.", mixinStandardHelpOptions = true)
public final class GenerateCommand implements Callable<Integer> {

    @Option(names = "--run", paramLabel = "DIR", required = true, description = "The folder of a run.")
    private Path run;

    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            required = true,
            description = "The text to continue; several are continued side by side.")
    private List<String> prompts;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            defaultValue = "200",
            description = "Tokens to write at most, for each prompt (default: ${DEFAULT-VALUE}).")
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
            names = "--min-p",
            paramLabel = "X",
            defaultValue = "0",
            description = "Draw from the tokens at least this share as likely as the likeliest; 0 for all"
                    + " (default: ${DEFAULT-VALUE}).")
    private double minP;

    @Option(
            names = "--repetition-penalty",
            paramLabel = "X",
            defaultValue = "1",
            description = "Above 1, what is in the text already becomes less likely (default: ${DEFAULT-VALUE}).")
    private double repetitionPenalty;

    @Option(names = "--stop", paramLabel = "TEXT", description = "End before this text appears; several may be given.")
    private List<String> stopStrings = List.of();

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "The same seed and prompts give the same texts, a prompt given twice two of them"
                    + " (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private Computing computing;

    @Override
    public Integer call() throws Exception {
        if (tokens < 1) {
            throw new IllegalArgumentException("--tokens must be at least 1, got " + tokens);
        }
        Sampler sampler = new Sampler(temperature, topK, topP, minP, repetitionPenalty);
        if (stopStrings.contains("")) {
            throw new IllegalArgumentException("--stop is empty: every text would end before it begins");
        }
        RunFolder folder = RunFolder.open(run);
        Tokenizer tokenizer = folder.loadTokenizer();
        try (Backend backend = computing.open()) {
            Transformer model = folder.loadModel(backend, tokenizer);
            Writing writing = new Writing(model, tokenizer, sampler, seed, stopStrings);
            InOrder screen = new InOrder(prompts, text -> {
                System.out.print(text);
                System.out.flush();
            });
            Speed speed = writing.continueTexts(prompts, tokens, screen);
            System.err.println(line(speed));
        }
        return 0;
    }

    private static String line(Speed speed) {
        String read = String.format(
                Locale.ROOT,
                "read %d tokens in %.2f s, %.0f tokens/s",
                speed.readTokens(),
                speed.readSeconds(),
                speed.reading());
        String written = String.format(
                Locale.ROOT,
                "wrote %d in %.2f s, %.1f tokens/s",
                speed.writtenTokens(),
                speed.writtenSeconds(),
                speed.writing());
        return speed.readTokens() == 0 ? written : speed.writtenTokens() == 0 ? read : read + "; " + written;
    }
}
