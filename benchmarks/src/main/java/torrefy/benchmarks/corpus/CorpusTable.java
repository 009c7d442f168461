package torrefy.benchmarks.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import torrefy.benchmarks.FreshJvm;
import torrefy.benchmarks.corpus.PlantedCorpus.Kind;
import torrefy.benchmarks.corpus.PlantedCorpus.Plant;
import torrefy.tokenizer.corpus.build.BuildSettings;
import torrefy.tokenizer.corpus.build.CorpusBuild;
import torrefy.tokenizer.corpus.build.CorpusInput;
import torrefy.tokenizer.corpus.filter.Decontamination;
import torrefy.tokenizer.corpus.read.DocumentSource;
import torrefy.tokenizer.corpus.read.JdkSources;
import torrefy.tokenizer.corpus.read.ReadingRules;

/// Makes a [PlantedCorpus], builds it in a process with a heap of 512 MB, and prints how fast each stage was and what
/// became of all that was planted, counted one by one. Planted documents that a stage never saw are *lost* and not
/// counted there.
///
/// Where none of n pairs were taken for duplicates, the true share is below 3/n with 95 % confidence: 1000 megabytes
/// hold 3,750 such pairs, enough for the aim of 0.1 %.
///
/// Arguments: megabytes of text (50), and folders of other text than the JDK's sources, which is cut into pages. All
/// lies in a temporary folder that is deleted at the end: some three times the size of the corpus.
public final class CorpusTable {

    private static final int MEGABYTES = 50;

    /// Of the texts in folders: about a page on the web.
    private static final int PAGE_BYTES = 1 << 13;

    private static final List<String> FLAGS = List.of("-Xmx512m");

    private final PlantedCorpus corpus;
    private final Outcome outcome;

    private CorpusTable(PlantedCorpus corpus, Outcome outcome) {
        this.corpus = corpus;
        this.outcome = outcome;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int megabytes = arguments.length == 0 ? MEGABYTES : Integer.parseInt(arguments[0]);
        List<DocumentSource> sources = new ArrayList<>(List.of(JdkSources.find()));
        ReadingRules rules = ReadingRules.standard().withExtraction(true).withPartBytes(PAGE_BYTES);
        for (int i = 1; i < arguments.length; i++) {
            sources.add(DocumentSource.of(Path.of(arguments[i]), rules));
        }
        Path folder = Files.createTempDirectory("torrefy-corpus");
        try {
            Path input = Files.createDirectory(folder.resolve("input"));
            BuildSettings settings = settings(input);
            PlantedCorpus corpus = new PlantedCorpus(input, settings.cleaning(), settings.filters());
            corpus.write(sources, 1_000_000L * megabytes);
            Path evaluation = Files.writeString(folder.resolve("evaluation.jsonl"), corpus.evaluation());
            Path out = folder.resolve("out");
            FreshJvm built = FreshJvm.run(FLAGS, Build.class, input, evaluation, out);
            if (built.code() != 0) {
                throw new IllegalStateException("the build failed: " + built.lines());
            }
            Files.readString(out.resolve("report.txt"))
                    .lines()
                    .dropWhile(line -> !line.startsWith("stage"))
                    .forEach(System.out::println);
            new CorpusTable(corpus, Outcome.read(out)).print();
        } finally {
            delete(folder);
        }
    }

    private static BuildSettings settings(Path input) {
        return BuildSettings.standard(List.of(new CorpusInput("planted", input, 0)));
    }

    /// The program of the fresh JVM.
    static final class Build {

        private Build() {}

        /// @param arguments input, evaluation texts, folder to build in
        public static void main(String[] arguments) throws IOException {
            List<Path> evaluation = List.of(Path.of(arguments[1]));
            BuildSettings settings = settings(Path.of(arguments[0]));
            CorpusBuild.run(
                    settings.withRejectsKept(true)
                            .withEvaluation(new BuildSettings.Evaluation(
                                    evaluation, settings.evaluation().words())),
                    Path.of(arguments[2]),
                    Runtime.getRuntime().availableProcessors(),
                    System.out::println);
        }
    }

    private void print() {
        System.out.printf("%n%-44s %9s %9s %9s %9s %10s %9s%n", "", "planted", "lost", "counted", "so", "share", "aim");
        row("exact duplicates found", "100 %", Kind.EXACT, outcome::reachedExact, this::isOne);
        row("near duplicates found", ">= 95 %", Kind.NEAR, outcome::reachedNear, this::isOne);
        row("not so near, yet taken for duplicates", "< 0.1 %", Kind.APART, outcome::reachedNear, this::isOne);
        row("documents with an address left", "0 %", Kind.PERSONAL, outcome.kept()::containsKey, this::hasAddress);
        row("evaluation texts removed", "100 %", Kind.EVALUATION, source -> true, this::isRemoved);
        List<String> broken = corpus.broken();
        long told = broken.stream().filter(this::isToldOnce).count();
        line("broken files told of in one line", "100 %", broken.size(), broken.size(), told);
        System.out.println("lost to filters before their stage: " + losses());
        System.out.println("Jaccard similarities, least, mean, greatest: near " + similarities(Kind.NEAR)
                + "; not so near " + similarities(Kind.APART));
    }

    /// Of all pairs the least, the mean and the greatest.
    private String similarities(Kind kind) {
        DoubleSummaryStatistics all =
                corpus.planted(kind).stream().mapToDouble(Plant::similarity).summaryStatistics();
        return String.format(Locale.ROOT, "%.3f, %.3f, %.3f", all.getMin(), all.getAverage(), all.getMax());
    }

    /// @param reaches whether a document came to the stage that is judged
    private void row(String what, String aim, Kind kind, Predicate<String> reaches, Predicate<Plant> isSo) {
        List<Plant> counted = corpus.planted(kind).stream()
                .filter(plant -> reaches.test(plant.first()))
                .filter(plant -> plant.second() == null || reaches.test(plant.second()))
                .toList();
        line(
                what,
                aim,
                corpus.planted(kind).size(),
                counted.size(),
                counted.stream().filter(isSo).count());
    }

    private static void line(String what, String aim, int planted, int counted, long so) {
        System.out.printf(
                Locale.ROOT,
                "%-44s %,9d %,9d %,9d %,9d %8.3f %% %9s%n",
                what,
                planted,
                planted - counted,
                counted,
                so,
                100.0 * so / Math.max(1, counted),
                aim);
    }

    private boolean isOne(Plant pair) {
        return outcome.keptFor(pair.first()).equals(outcome.keptFor(pair.second()));
    }

    private boolean hasAddress(Plant plant) {
        String text = outcome.kept().get(plant.first());
        return plant.addresses().stream().anyMatch(text::contains);
    }

    private boolean isRemoved(Plant plant) {
        return Decontamination.NAME.equals(outcome.rejected().get(plant.first()));
    }

    private boolean isToldOnce(String file) {
        return outcome.notes().stream()
                        .filter(note -> note.startsWith(file + ":"))
                        .count()
                == 1;
    }

    /// By the filters that took documents of pairs and of personal data.
    private Map<String, Integer> losses() {
        Map<String, Integer> losses = new TreeMap<>();
        outcome.rejected().forEach((source, filter) -> {
            if (!source.startsWith(Kind.EVALUATION.folder())) {
                losses.merge(filter, 1, Integer::sum);
            }
        });
        return losses;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
