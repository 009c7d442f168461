package torrefy.examples.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import torrefy.tokenizer.Tokenizer;

/// Shows where a text is cut into tokens.
@Command(
        name = "show",
        description = "Shows the tokens of a text in alternating colours, and their ids.",
        mixinStandardHelpOptions = true)
final class TokenizerShowCommand implements Callable<Integer> {

    private static final String[] COLOURS = {"\u001b[30;46m", "\u001b[30;43m"};
    private static final String PLAIN = "\u001b[0m";

    @Mixin
    private TokenizerChoice choice;

    @Parameters(paramLabel = "TEXT", description = "The text; none for stdin.")
    private List<String> words = List.of();

    @Option(names = "--special", description = "Names of special tokens in the text become those tokens.")
    private boolean special;

    @Override
    public Integer call() throws IOException {
        Tokenizer tokenizer = choice.read();
        String text = words.isEmpty()
                ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                : String.join(" ", words);
        Set<String> allowed = special ? tokenizer.specialTokens().names() : Set.of();
        int[] tokens = tokenizer.encode(text, allowed);
        boolean isColoured = Ansi.AUTO.enabled();
        StringBuilder shown = new StringBuilder();
        StringBuilder ids = new StringBuilder();
        for (int i = 0; i < tokens.length; i++) {
            String colour = isColoured ? COLOURS[i % 2] : "";
            String end = isColoured ? PLAIN : i + 1 < tokens.length ? "|" : "";
            // A line end within a token begins a line after it, so that the text keeps its shape.
            String display = tokenizer.display(tokens[i]).replace("‹0A›", "⏎");
            shown.append(colour).append(display).append(end).append(display.endsWith("⏎") ? "\n" : "");
            ids.append(colour).append(tokens[i]).append(isColoured ? PLAIN : "").append(' ');
        }
        System.out.println(shown.toString().stripTrailing());
        System.out.println(ids.toString().stripTrailing());
        int bytes = tokenizer.offsets(tokens)[tokens.length];
        System.out.printf(
                Locale.ROOT,
                "%d tokens, %d bytes, %.2f bytes a token%n",
                tokens.length,
                bytes,
                (double) bytes / tokens.length);
        return 0;
    }
}
