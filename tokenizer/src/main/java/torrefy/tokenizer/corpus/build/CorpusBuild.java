package torrefy.tokenizer.corpus.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import torrefy.core.data.AtomicFile;
import torrefy.tokenizer.corpus.filter.Decontamination;
import torrefy.tokenizer.corpus.filter.FilterCatalogue;
import torrefy.tokenizer.corpus.filter.FilterChain;
import torrefy.tokenizer.corpus.filter.TextFilter;

/// Builds a corpus from files: the door to this package.
public final class CorpusBuild {

    private CorpusBuild() {}

    /// Builds, or goes on where an earlier run was stopped. The same inputs and settings give the same files, whatever
    /// the number of threads, the size of the heap, and the order in which the file system lists things.
    ///
    /// @param out the folder to build in: `tokens` in it will hold the shards, `report.txt` and `report.html` what
    ///     happened, the other folders what was made on the way
    /// @param progress hears a line when a stage is done
    /// @return the report
    /// @throws IOException if an input is missing, nothing is left, or the disk is full; the message is one line
    /// @throws IllegalArgumentException if a filter is unknown
    public static CorpusReport run(BuildSettings settings, Path out, int threads, Consumer<String> progress)
            throws IOException {
        for (CorpusInput input : settings.inputs()) {
            check(input, out);
        }
        FilterChain filters = filters(settings, progress);
        List<Stage> stages = List.of(
                new ReadStage(settings, filters),
                new ExactStage(),
                new NearStage(settings),
                new LinesStage(settings.duplicates().lineCopies()),
                new OrderStage(settings),
                new TokenizerStage(settings.tokenizer()),
                new TokensStage(settings, filters));
        Map<String, Ledger> ledgers;
        try {
            ledgers = new Pipeline(out, threads, progress).run(stages);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        CorpusReport report = new CorpusReport(settings, ledgers);
        AtomicFile.write(out.resolve("report.html"), new HtmlReport(report, out).text());
        AtomicFile.write(out.resolve("report.txt"), report.toString());
        return report;
    }

    private static FilterChain filters(BuildSettings settings, Consumer<String> progress) throws IOException {
        List<TextFilter> filters = new ArrayList<>();
        BuildSettings.Evaluation evaluation = settings.evaluation();
        if (!evaluation.files().isEmpty()) {
            Decontamination decontamination = Decontamination.of(evaluation.files(), evaluation.words());
            if (decontamination.tooShort() > 0) {
                progress.accept(String.format(
                        Locale.ROOT,
                        "%,d of %,d evaluation texts have fewer than %d words in a row and cannot be found",
                        decontamination.tooShort(),
                        decontamination.texts(),
                        evaluation.words()));
            }
            // First: the words that others mask or cut out must still be there.
            filters.add(decontamination);
        }
        for (String name : settings.filters()) {
            filters.add(FilterCatalogue.named(name));
        }
        return new FilterChain(filters);
    }

    private static void check(CorpusInput input, Path out) throws IOException {
        boolean isThere = input.isStdin() || Files.exists(input.path());
        if (input.files() == null) {
            if (!isThere) {
                throw new NoSuchFileException(input.path() + ": no such file or folder");
            }
            CorpusFolder.refuseAsText(input.path());
        } else if (!isThere || !input.files().hasMatchIn(input.path())) {
            throw new NoSuchFileException(input.files() + ": no file matches");
        }
        boolean isInside = out.toAbsolutePath()
                .normalize()
                .startsWith(input.path().toAbsolutePath().normalize());
        boolean becomesInput = isInside
                && (input.files() == null || Files.exists(out) && input.files().hasMatchIn(out));
        if (becomesInput) {
            throw new IllegalArgumentException(
                    out + ": lies inside the input " + input.place() + " and would become part of it");
        }
    }
}
