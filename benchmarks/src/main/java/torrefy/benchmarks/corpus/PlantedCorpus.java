package torrefy.benchmarks.corpus;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import torrefy.tokenizer.corpus.clean.Cleaned;
import torrefy.tokenizer.corpus.clean.CleaningRules;
import torrefy.tokenizer.corpus.clean.DocumentCleaner;
import torrefy.tokenizer.corpus.filter.FilterCatalogue;
import torrefy.tokenizer.corpus.filter.FilterChain;
import torrefy.tokenizer.corpus.filter.TextView;
import torrefy.tokenizer.corpus.pack.JsonLine;
import torrefy.tokenizer.corpus.read.Document;
import torrefy.tokenizer.corpus.read.DocumentSource;
import torrefy.tokenizer.corpus.read.TextForm;

/// Writes a corpus, and knows what is planted in it. Code stands in files, prose in `.jsonl.gz`, what is planted in
/// `planted/KIND/`. What the sources have is taken once as it is, then with a [WordExchange] each time.
///
/// All that is planted is made of a text that was exchanged for it alone. So no other document is like it, and two
/// that are found to be the same are so by themselves.
final class PlantedCorpus {

    /// What is planted, and how many for a megabyte of corpus.
    enum Kind {
        EXACT(1.25),
        NEAR(1.25),
        APART(3.75),
        PERSONAL(1),
        EVALUATION(0.25);

        private final double perMegabyte;

        Kind(double perMegabyte) {
            this.perMegabyte = perMegabyte;
        }

        /// The folder that they are in.
        String folder() {
            return "planted/" + name().toLowerCase(Locale.ROOT) + "/";
        }
    }

    /// Of near duplicates.
    static final double NEAR = 0.85;

    /// Of texts that share much and are no duplicates.
    static final double APART = 0.5;

    private static final String BROKEN = "planted/broken";
    private static final int FEWEST_LINES = 12;
    private static final int EVALUATION_WORDS = 80;

    /// A planted document, or two.
    ///
    /// @param first its source, as the build names it
    /// @param second that of the other; null if there is none
    /// @param addresses of persons in it
    record Plant(String first, String second, double similarity, List<String> addresses) {}

    private final Path folder;
    private final DocumentCleaner cleaner;
    private final FilterChain filters;
    private final Map<Kind, List<Plant>> planted = new EnumMap<>(Kind.class);
    private final List<String> broken = new ArrayList<>();
    private final StringBuilder evaluation = new StringBuilder();
    private final WordExchange code = new WordExchange();
    private final WordExchange prose = new WordExchange();
    private long written;
    private int documents;

    /// @param cleaning what the build will do to documents
    /// @param filters those that it will have
    PlantedCorpus(Path folder, CleaningRules cleaning, List<String> filters) {
        this.folder = folder;
        this.cleaner = new DocumentCleaner(cleaning);
        this.filters = FilterCatalogue.chain(filters);
        for (Kind kind : Kind.values()) {
            planted.put(kind, new ArrayList<>());
        }
    }

    List<Plant> planted(Kind kind) {
        return Collections.unmodifiableList(planted.get(kind));
    }

    /// The names of the files that cannot be read.
    List<String> broken() {
        return Collections.unmodifiableList(broken);
    }

    /// A JSON line for each evaluation text.
    String evaluation() {
        return evaluation.toString();
    }

    /// @param bytes of text to write, of all sources in proportion to what they have
    void write(List<DocumentSource> sources, long bytes) throws IOException {
        for (Kind kind : Kind.values()) {
            Files.createDirectories(folder.resolve(kind.folder()));
        }
        long[] sizes = new long[sources.size()];
        long all = 0;
        for (int i = 0; i < sizes.length; i++) {
            Texts learned = new Texts(
                    () -> false, (document, text) -> exchange(document.form()).learn(text));
            sources.get(i).read(learned);
            sizes[i] = learned.bytes();
            all += sizes[i];
            if (sizes[i] == 0) {
                throw new IOException(sources.get(i).name() + ": has no text");
            }
        }
        code.finish();
        prose.finish();
        for (int i = 0; i < sizes.length; i++) {
            long end = written + (long) ((double) bytes * sizes[i] / all);
            for (int round = 0; written < end; round++) {
                write(sources.get(i), i, round, end);
            }
        }
        Files.createDirectories(folder.resolve(BROKEN));
        for (int number = 0; number < Math.max(6, bytes / 20_000_000); number++) {
            String text = prose.exchange("What is in files that nobody can read? ".repeat(500), number);
            broken.add(BROKEN + "/" + BrokenFiles.write(folder.resolve(BROKEN), number, text));
        }
    }

    private void write(DocumentSource source, int sourceNumber, int round, long end) throws IOException {
        String name = sourceNumber + "-" + round;
        Path codeFolder = Files.createDirectories(folder.resolve("code").resolve(name));
        try (Writer pages = new OutputStreamWriter(
                new GZIPOutputStream(Files.newOutputStream(folder.resolve("prose-" + name + ".jsonl.gz"))),
                StandardCharsets.UTF_8)) {
            source.read(new Texts(() -> written >= end, (document, text) -> {
                documents++;
                for (Kind kind : Kind.values()) {
                    boolean isDue = planted.get(kind).size() < kind.perMegabyte * written / 1e6;
                    if (isDue && plant(kind, document, text)) {
                        return;
                    }
                }
                String filler = round == 0 ? text : exchange(document.form()).exchange(text, round);
                if (document.form() == TextForm.CODE) {
                    write(codeFolder.resolve(documents + ending(document)), filler);
                } else {
                    written += filler.length();
                    pages.write(JsonLine.of("text", filler));
                }
            }));
        }
    }

    private WordExchange exchange(TextForm form) {
        return form == TextForm.CODE ? code : prose;
    }

    /// Names of code end as before, because that tells what it is.
    private static String ending(Document document) {
        String source = document.source();
        return document.form() == TextForm.CODE ? source.substring(source.lastIndexOf('.')) : ".txt";
    }

    private void write(Path file, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        written += bytes.length;
        Files.write(file, bytes);
    }

    /// @return false if the text is no good for that
    private boolean plant(Kind kind, Document document, String text) throws IOException {
        return switch (kind) {
            case EXACT -> plantExact(document, own(document, text));
            case NEAR -> plantNear(kind, document, text, NEAR);
            case APART -> plantNear(kind, document, text, APART);
            case PERSONAL -> plantPersonal(document, own(document, text));
            case EVALUATION -> plantEvaluation(document, own(document, text));
        };
    }

    /// The text that the document has for itself.
    private String own(Document document, String text) {
        return exchange(document.form()).exchange(text, seed());
    }

    /// Above all rounds.
    private long seed() {
        return 1000L + documents;
    }

    /// What cleaning makes the same again: as it is, with the line ends of Windows, with a byte order mark.
    private boolean plantExact(Document document, String text) throws IOException {
        String same = switch (documents % 3) {
            case 0 -> text;
            case 1 -> text.replace("\n", "\r\n");
            default -> "\uFEFF" + text;
        };
        plantTwice(Kind.EXACT, document, text, same, 1);
        return true;
    }

    private void plantTwice(Kind kind, Document document, String first, String second, double similarity)
            throws IOException {
        String a = kind.folder() + documents + "-a" + ending(document);
        String b = kind.folder() + documents + "-b" + ending(document);
        write(folder.resolve(a), first);
        write(folder.resolve(b), second);
        planted.get(kind).add(new Plant(a, b, similarity, List.of()));
    }

    /// The similarity that counts is that of the texts as cleaning and filters leave them.
    private boolean plantNear(Kind kind, Document document, String text, double similarity) throws IOException {
        String cleaned = cleaned(document, text);
        if (cleaned == null) {
            return false;
        }
        String own = own(document, cleaned);
        Optional<NearPair> pair = NearPair.of(own, document.form(), similarity, exchange(document.form()), seed() + 1);
        if (pair.isEmpty()) {
            return false;
        }
        TextView first = seen(document, pair.get().first());
        TextView second = seen(document, pair.get().second());
        if (first == null || second == null) {
            return false;
        }
        double asSeen = Shingles.of(first).similarity(Shingles.of(second));
        if (Math.abs(asSeen - similarity) > NearPair.TOLERANCE) {
            return false;
        }
        plantTwice(kind, document, pair.get().first(), pair.get().second(), asSeen);
        return true;
    }

    /// The text as the build's filters leave it; null if it does not come through.
    private TextView seen(Document document, String text) {
        String cleaned = cleaned(document, text);
        return cleaned == null ? null : filters.judge(cleaned, document.form()).view();
    }

    /// The text as it comes to the build's filters; null if it does not.
    private String cleaned(Document document, String text) {
        Cleaned cleaned = cleaner.clean(document.withText(text.getBytes(StandardCharsets.UTF_8)));
        return cleaned.isKept() ? new String(cleaned.text(), StandardCharsets.UTF_8) : null;
    }

    private boolean plantPersonal(Document document, String text) throws IOException {
        List<String> lines = new ArrayList<>(text.lines().toList());
        if (lines.size() < FEWEST_LINES) {
            return false;
        }
        int number = planted.get(Kind.PERSONAL).size();
        List<String> sentences = PersonalAddresses.sentences(number);
        for (int i = sentences.size(); i > 0; i--) {
            String line = (document.form() == TextForm.CODE ? "// " : "") + sentences.get(i - 1);
            lines.add(lines.size() * i / (sentences.size() + 1), line);
        }
        plantAlone(Kind.PERSONAL, document, String.join("\n", lines) + "\n", PersonalAddresses.of(number));
        return true;
    }

    /// Some words from its middle are the evaluation text, every other time with capitals and lines of their own. They
    /// follow each other before any filter takes lines from between them, as in a text that somebody published.
    private boolean plantEvaluation(Document document, String text) throws IOException {
        String cleaned = cleaned(document, text);
        if (cleaned == null) {
            return false;
        }
        TextView view = new TextView(cleaned, document.form());
        if (view.words() < 3 * EVALUATION_WORDS) {
            return false;
        }
        boolean isChanged = planted.get(Kind.EVALUATION).size() % 2 == 1;
        StringBuilder passage = new StringBuilder();
        int from = view.words() / 2;
        for (int i = from; i < from + EVALUATION_WORDS; i++) {
            passage.append(isChanged ? view.word(i).toUpperCase(Locale.ROOT) : view.word(i));
            passage.append(isChanged && i % 7 == 0 ? '\n' : ' ');
        }
        evaluation.append(JsonLine.of("text", passage));
        plantAlone(Kind.EVALUATION, document, text, List.of());
        return true;
    }

    private void plantAlone(Kind kind, Document document, String text, List<String> addresses) throws IOException {
        String source = kind.folder() + documents + ending(document);
        write(folder.resolve(source), text);
        planted.get(kind).add(new Plant(source, null, 1, addresses));
    }
}
