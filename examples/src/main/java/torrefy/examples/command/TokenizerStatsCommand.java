package torrefy.examples.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import torrefy.examples.quickstart.RawText;
import torrefy.examples.tokens.UsePicture;
import torrefy.examples.tokens.UseTable;
import torrefy.tokenizer.TokenUse;
import torrefy.tokenizer.TokenizerFile;

/// Judges a vocabulary by a text.
@Command(
        name = "stats",
        description = "How a vocabulary fares on a text, and others beside it.",
        mixinStandardHelpOptions = true)
final class TokenizerStatsCommand implements Callable<Integer> {

    @Mixin
    private TokenizerChoice choice;

    @Option(
            names = "--against",
            paramLabel = "FILE",
            description = "Another tokenizer to show beside it; may be repeated.")
    private List<Path> others = List.of();

    @Option(
            names = "--corpus",
            paramLabel = "PATH",
            required = true,
            description = "A text file, folder, .zip or .jsonl.")
    private Path corpus;

    @Option(names = "--picture", paramLabel = "FILE", description = "Draw it too, as a PNG.")
    private Path picture;

    @Override
    public Integer call() throws IOException {
        List<String> names = new ArrayList<>();
        List<TokenUse> uses = new ArrayList<>();
        names.add(name(choice.file()));
        uses.add(new TokenUse(choice.read()));
        for (Path other : others) {
            names.add(name(other));
            uses.add(new TokenUse(TokenizerFile.read(other)));
        }
        RawText.at(corpus).read(new EveryDocument(text -> uses.forEach(use -> use.add(text))));
        if (uses.getFirst().total().tokens() == 0) {
            throw new IOException(corpus + ": there is no text in it");
        }
        System.out.print(new UseTable(names, uses));
        if (picture != null && UsePicture.write(names, uses, picture)) {
            System.out.println("drawn in " + picture);
        }
        return 0;
    }

    /// The last two parts of a path: the folder of a run says more than `tokenizer.json`.
    private static String name(Path file) {
        Path whole = file.toAbsolutePath().normalize();
        int parts = whole.getNameCount();
        return parts < 2 ? whole.toString() : whole.subpath(parts - 2, parts).toString();
    }
}
