package torrefy.examples.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import torrefy.core.data.TokenShard;
import torrefy.tokenizer.corpus.build.CorpusFolder;
import torrefy.tokenizer.corpus.filter.FilterCatalogue;
import torrefy.tokenizer.corpus.filter.LanguageFilter;
import torrefy.tokenizer.corpus.filter.LanguageGuess;

/// Shows a corpus that was built.
@Command(
        name = "inspect",
        description = "Shows what became of the documents of a corpus, and samples of them.",
        mixinStandardHelpOptions = true)
final class CorpusInspectCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FOLDER", arity = "0..1", description = "Where the corpus was built.")
    private Path folder;

    @Option(
            names = "--samples",
            paramLabel = "KIND",
            description = "Show documents instead: kept, or the name of a filter for some that it rejected.")
    private String samples;

    @Option(names = "--filters", description = "List all filters and where their rules come from, and the profiles.")
    private boolean filters;

    @Override
    public Integer call() throws IOException {
        if (filters) {
            FilterCatalogue.names()
                    .forEach(name -> System.out.printf(
                            "%-20s %s%n", name, FilterCatalogue.named(name).source()));
            FilterCatalogue.profiles()
                    .forEach((name, names) -> System.out.printf(
                            "%-20s a profile: %s%n", name, names.isEmpty() ? "no filter" : String.join(", ", names)));
            System.out.printf(
                    "%-20s %s: %s%n",
                    "--language CODES",
                    new LanguageFilter(Set.of("en")).source(),
                    String.join(" ", LanguageGuess.codes()));
            return 0;
        }
        if (folder == null) {
            throw new IllegalArgumentException("inspect what? The folder that corpus build wrote to");
        }
        CorpusFolder corpus = CorpusFolder.open(folder);
        if (samples != null) {
            corpus.samples(samples).forEach(System.out::println);
            return 0;
        }
        System.out.print(corpus.report());
        for (Path shard : corpus.shards()) {
            try (TokenShard opened = TokenShard.open(shard)) {
                System.out.printf(Locale.ROOT, "%s: %,d tokens%n", shard, opened.length());
            }
        }
        return 0;
    }
}
