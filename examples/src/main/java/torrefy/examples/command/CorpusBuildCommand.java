package torrefy.examples.command;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import torrefy.tokenizer.corpus.build.BuildSettings;
import torrefy.tokenizer.corpus.build.CorpusBuild;
import torrefy.tokenizer.corpus.build.CorpusInput;
import torrefy.tokenizer.corpus.clean.CleaningRules;
import torrefy.tokenizer.corpus.dedup.MinHash;
import torrefy.tokenizer.corpus.filter.Decontamination;
import torrefy.tokenizer.corpus.filter.LanguageFilter;
import torrefy.tokenizer.corpus.read.Glob;
import torrefy.tokenizer.corpus.read.TextEncoding;

/// Builds a corpus.
@Command(
        name = "build",
        description = "Reads, cleans, filters, deduplicates, mixes and tokenizes; goes on where it was stopped.",
        mixinStandardHelpOptions = true)
final class CorpusBuildCommand implements Callable<Integer> {

    @Option(
            names = "--input",
            paramLabel = "[NAME=]PATH",
            required = true,
            description =
                    "A file, a folder, a pattern such as 'src/**/*.md', or - for stdin; may be repeated."
                            + " Text, Markdown, HTML, code, jsonl, WARC, in zip, tar, gzip or zstd; the end of a file's name"
                            + " tells which, for stdin the end of NAME: pages.jsonl.gz=-. After a kill give all of stdin again.")
    private List<String> inputs;

    @Option(
            names = "--weight",
            paramLabel = "NAME=W",
            description = "The share of an input in the mixture; for all inputs, or for none.")
    private Map<String, Double> weights = new LinkedHashMap<>();

    @Option(
            names = "--encoding",
            paramLabel = "[NAME=]CHARSET",
            description =
                    "Of texts that do not say it by a byte order mark, a server's or a page's word, for all inputs or"
                            + " for one, as windows-1252 or old=Shift_JIS; may be repeated (default: UTF-8, UTF-16 and"
                            + " windows-1252 are told apart). jsonl and WET are always UTF-8.")
    private List<String> encodings = List.of();

    @Option(names = "--out", paramLabel = "FOLDER", required = true, description = "Where to build.")
    private Path out;

    @Option(
            names = "--filters",
            paramLabel = "NAMES",
            split = ",",
            description =
                    "Filters and profiles of filters, in order (default: prose,code). The profile prose is"
                            + " gopher-quality,gopher-repetition,fineweb,mask-personal; code is code-quality,mask-personal; none has"
                            + " no filter. A filter passes over texts that are not of its kind. 'corpus inspect --filters' lists all.")
    private List<String> filters = BuildSettings.STANDARD_FILTERS;

    @Option(
            names = "--language",
            paramLabel = "CODES",
            split = ",",
            description = "Keep prose in these languages alone, as en,de (default: any).")
    private List<String> languages = List.of();

    @Option(names = "--keep-rejects", description = "Write what filters reject to 1-read/rejected-FILTER.jsonl.")
    private boolean keepRejects;

    @Option(
            names = "--evaluation",
            paramLabel = "FILE",
            description = "A text that is judged by: nothing that shares --evaluation-words in a row with it stays."
                    + " Repeatable.")
    private List<Path> evaluation = List.of();

    @Option(
            names = "--evaluation-words",
            paramLabel = "N",
            defaultValue = "" + Decontamination.STANDARD_WORDS,
            description = "How many are too many (default: ${DEFAULT-VALUE}).")
    private int evaluationWords;

    @Option(
            names = "--similarity",
            paramLabel = "S",
            defaultValue = "0.75",
            description = "Texts at least so similar are near duplicates; 0 keeps them (default: ${DEFAULT-VALUE}).")
    private double similarity;

    @Option(
            names = "--shingle",
            paramLabel = "N",
            defaultValue = "5",
            description = "Words in a row by which texts are compared (${DEFAULT-VALUE}).")
    private int shingle;

    @Option(names = "--bands", paramLabel = "N", defaultValue = "14", description = "MinHash bands (${DEFAULT-VALUE}).")
    private int bands;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "8",
            description = "Hashes in a band (${DEFAULT-VALUE}).")
    private int rows;

    @Option(
            names = "--line-copies",
            paramLabel = "N",
            defaultValue = "3",
            description = "A line of prose in more documents than this is kept in one; 0 keeps all"
                    + " (default: ${DEFAULT-VALUE}).")
    private int lineCopies;

    @Option(
            names = "--validation",
            paramLabel = "SHARE",
            defaultValue = "0.01",
            description = "Documents held out (default: ${DEFAULT-VALUE}).")
    private double validation;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Of the order (${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--sequence",
            paramLabel = "T",
            defaultValue = "0",
            description = "Pack documents into sequences of T tokens, cutting as few as possible; 0 for one stream"
                    + " (default: ${DEFAULT-VALUE}).")
    private int sequence;

    @Option(
            names = "--shard-tokens",
            paramLabel = "N",
            defaultValue = "100000000",
            description = "Tokens after which a new shard begins (default: ${DEFAULT-VALUE}).")
    private long shardTokens;

    @Option(
            names = {"-t", "--tokenizer"},
            paramLabel = "FILE",
            description = "The tokenizer; without it one is trained on the corpus.")
    private Path tokenizer;

    @Option(
            names = "--vocabulary",
            paramLabel = "N",
            defaultValue = "32768",
            description = "Tokens of the one that is trained (default: ${DEFAULT-VALUE}).")
    private int vocabulary;

    @Option(
            names = "--text-field",
            paramLabel = "NAME",
            defaultValue = "text",
            description = "Field of a JSON line that holds the text (default: ${DEFAULT-VALUE}).")
    private String textField;

    @Option(names = "--raw", description = "Take HTML and Markdown as they are, licence headers too.")
    private boolean raw;

    @Option(
            names = "--largest-document",
            paramLabel = "BYTES",
            defaultValue = "16777216",
            description = "Larger ones are left out; plain text is cut instead (default: ${DEFAULT-VALUE}).")
    private int largestDocument;

    @Option(names = "--threads", paramLabel = "N", description = "Threads to work with (default: all processors).")
    private Integer threads;

    @Override
    public Integer call() throws IOException {
        Map<String, Charset> declared = encodings();
        Charset forAll = declared.remove("");
        BuildSettings standard = BuildSettings.standard(inputs(declared));
        CleaningRules cleaning = standard.cleaning();
        MinHash hash = similarity == 0 ? null : new MinHash(shingle, bands, rows);
        BuildSettings settings = standard.withReading(standard.reading()
                        .withTextField(textField)
                        .withExtraction(!raw)
                        .withEncoding(forAll))
                .withCleaning(
                        new CleaningRules(cleaning.minimumBytes(), cleaning.invalidShare(), !raw, cleaning.normalize()))
                .withLargestDocument(largestDocument)
                .withFilters(filters())
                .withRejectsKept(keepRejects)
                .withEvaluation(new BuildSettings.Evaluation(evaluation, evaluationWords))
                .withDuplicates(new BuildSettings.Duplicates(hash, hash == null ? 1 : similarity, lineCopies))
                .withMix(new BuildSettings.Mix(validation, seed, sequence, shardTokens))
                .withTokenizer(new BuildSettings.Tokens(
                        tokenizer, vocabulary, standard.tokenizer().trainingBytes()));
        boolean readsStdin = settings.inputs().stream().anyMatch(CorpusInput::isStdin);
        String goOn = "interrupted; the same command" + (readsStdin ? ", with all of stdin again," : "")
                + " goes on after the last stage that is done";
        try (LastWord interrupted = new LastWord(goOn, () -> {})) {
            interrupted.say(CorpusBuild.run(settings, out, TokenizerChoice.threads(threads), interrupted::say)
                    .toString());
        }
        System.out.println("written to " + out.resolve("tokens") + "; more in " + out.resolve("report.html"));
        return 0;
    }

    private List<String> filters() {
        List<String> names = new ArrayList<>();
        if (!languages.isEmpty()) {
            names.add(LanguageFilter.PREFIX + String.join("+", languages));
        }
        names.addAll(filters);
        return names;
    }

    /// The encodings by the names of inputs, that for all under the empty name.
    private Map<String, Charset> encodings() {
        Map<String, Charset> named = new LinkedHashMap<>();
        for (String encoding : encodings) {
            int sign = encoding.indexOf('=');
            Charset charset = TextEncoding.named(encoding.substring(sign + 1));
            if (charset == null) {
                throw new IllegalArgumentException("--encoding " + encoding + ": there is no encoding of this name; "
                        + "there are UTF-8, UTF-16LE, windows-1252, ISO-8859-2, KOI8-R, Shift_JIS, GB18030 and others");
            }
            if (named.put(encoding.substring(0, Math.max(0, sign)), charset) != null) {
                throw new IllegalArgumentException("--encoding " + encoding + ": is given twice for the same inputs");
            }
        }
        return named;
    }

    private List<CorpusInput> inputs(Map<String, Charset> declared) {
        List<CorpusInput> named = new ArrayList<>();
        for (String input : inputs) {
            int sign = input.indexOf('=');
            String path = input.substring(sign + 1);
            String name = sign > 0 ? input.substring(0, sign) : standardName(path);
            Double weight = weights.remove(name);
            named.add(CorpusInput.at(path, name, weight == null ? 0 : weight).withEncoding(declared.remove(name)));
        }
        refuseLeft("--weight", weights);
        refuseLeft("--encoding", declared);
        return named;
    }

    private static void refuseLeft(String option, Map<String, ?> byInput) {
        if (!byInput.isEmpty()) {
            throw new IllegalArgumentException(
                    option + " " + byInput.keySet().iterator().next() + ": no input has this name");
        }
    }

    /// The last part of the path, for a pattern that of the folder it looks in.
    private static String standardName(String place) {
        if (place.equals(CorpusInput.STDIN.toString())) {
            return "stdin";
        }
        Path path = Glob.isPattern(place) ? Glob.of(place).root() : Path.of(place);
        Path fileName = path.toAbsolutePath().normalize().getFileName();
        return fileName == null ? place : fileName.toString();
    }
}
