package torrefy.tokenizer.corpus.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import torrefy.tokenizer.corpus.pack.JsonLine;

/// What building a corpus did, as one HTML page that needs nothing else: how much each stage left, who took the
/// rest, how long documents are, the lines that stood in most of them, and documents to look at.
///
/// @param report the same as text
/// @param out the folder of the build, for samples and lines
record HtmlReport(CorpusReport report, Path out) {

    private static final String LEFT = "#4878a8";
    private static final String READ = "#b8b8b8";
    private static final String DROPPED = "#b85848";
    private static final String CHANGED = "#d8a848";
    private static final int MOST_PAIRS = 10;

    private static final String STYLE = """
            body { font: 15px/1.5 system-ui, sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em;
                   color: #222; background: #fff; }
            h2 { margin-top: 2em; border-bottom: 1px solid #ddd; }
            svg { width: 100%; height: auto; font: 12px system-ui, sans-serif; }
            svg text { fill: #333; }
            table { border-collapse: collapse; } td, th { padding: .15em .8em; text-align: right; }
            td:first-child, th:first-child { text-align: left; }
            tr:nth-child(even) { background: #f4f4f4; }
            pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f4f4f4; padding: .6em; font-size: 13px; }
            summary { cursor: pointer; } .why { color: #a33; } .note { color: #666; }
            """;

    String text() throws IOException {
        StringBuilder page = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        page.append("<title>Corpus</title><style>").append(STYLE).append("</style></head><body>\n");
        page.append("<h1>Corpus</h1>\n<p>").append(headline()).append("</p>\n").append(settings());
        page.append("<h2>What is left after each stage</h2>\n").append(funnel());
        page.append("<h2>Who took what</h2>\n").append(takers());
        page.append("<h2>How long documents are</h2>\n").append(lengths());
        page.append("<h2>Tokens</h2>\n").append(tokens());
        page.append("<h2>Lines that stand in most documents</h2>\n").append(lines());
        page.append("<h2>Samples</h2>\n<p>A few documents of each kind, the beginning of each.</p>\n")
                .append(samples());
        page.append("<h2>What could not be read</h2>\n").append(notes());
        return page.append("</body></html>\n").toString();
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private String headline() {
        Ledger.Count read = report.of(ReadStage.NAME).get("read");
        Ledger.Count training = report.of(OrderStage.NAME).get("training");
        return String.format(
                Locale.ROOT,
                "<b>%,d tokens to train on</b>, from %s with %s of the %s with %s that were read.",
                report.of(TokensStage.NAME).get("train/tokens").documents(),
                Figures.documents(training.documents()),
                Figures.bytes(training.bytes()),
                Figures.documents(read.documents()),
                Figures.bytes(read.bytes()));
    }

    private String settings() {
        BuildSettings settings = report.settings();
        String inputs = settings.inputs().stream()
                .map(input ->
                        input.name().equals(input.place()) ? input.name() : input.name() + " (" + input.place() + ")")
                .collect(Collectors.joining(", "));
        String filters = settings.filters().isEmpty() ? "none" : String.join(", ", settings.filters());
        String near = settings.duplicates().hash() == null
                ? "kept"
                : "of a similarity of " + settings.duplicates().similarity() + " or more";
        return "<p class=\"note\">Inputs: " + escape(inputs) + ". Filters: " + escape(filters) + ". Near duplicates: "
                + near + ".</p>\n";
    }

    private String funnel() {
        Ledger read = report.of(ReadStage.NAME);
        Map<String, Ledger.Count> stages = new LinkedHashMap<>();
        stages.put("read", read.get("read"));
        stages.put("cleaned", less(read.get("read"), read.under("cleaning/")));
        stages.put("filtered", read.get("kept"));
        stages.put("without exact duplicates", report.of(ExactStage.NAME).get("kept"));
        stages.put("without near duplicates", report.of(NearStage.NAME).get("kept"));
        Ledger order = report.of(OrderStage.NAME);
        stages.put("of these, to train on", order.get("training"));
        stages.put("of these, held out", order.get("validation"));
        double all = Math.max(1, read.get("read").bytes());
        List<SvgChart.Bar> bars = new ArrayList<>();
        stages.forEach((name, count) -> bars.add(new SvgChart.Bar(
                name,
                count.bytes(),
                String.format(Locale.ROOT, "%.1f %%, %s", 100 * count.bytes() / all, figures(count)),
                LEFT)));
        return "<p>Shares of the bytes that were read.</p>\n" + SvgChart.bars(bars);
    }

    private static String figures(Ledger.Count count) {
        return Figures.bytes(count.bytes()) + ", " + Figures.documents(count.documents());
    }

    /// A count without what some took; documents only of those that dropped them.
    private static Ledger.Count less(Ledger.Count count, Map<String, Ledger.Count> taken) {
        long documents = count.documents();
        long bytes = count.bytes();
        for (Map.Entry<String, Ledger.Count> taker : taken.entrySet()) {
            documents -=
                    taker.getKey().startsWith("dropped/") ? taker.getValue().documents() : 0;
            bytes -= taker.getValue().bytes();
        }
        return new Ledger.Count(documents, bytes);
    }

    private String takers() {
        List<SvgChart.Bar> bars = new ArrayList<>();
        Ledger read = report.of(ReadStage.NAME);
        add(bars, read.under("cleaning/dropped/"), DROPPED);
        add(bars, read.under("filter/rejected/"), DROPPED);
        add(bars, Map.of("exact duplicates", report.of(ExactStage.NAME).get("duplicate")), DROPPED);
        add(bars, Map.of("near duplicates", report.of(NearStage.NAME).get("duplicate")), DROPPED);
        for (CorpusInput input : report.settings().inputs()) {
            Ledger.Count left = report.of(OrderStage.NAME).get("origin/" + input.name() + "/left out by weight");
            add(bars, Map.of(input.name() + ", left out by weight", left), DROPPED);
        }
        add(bars, read.under("cleaning/changed/"), CHANGED);
        add(bars, read.under("filter/changed/"), CHANGED);
        return "<p>Bytes taken: " + key(DROPPED) + " with whole documents, " + key(CHANGED)
                + " out of documents that were changed and stay.</p>\n"
                + (bars.isEmpty() ? "<p>Nobody took anything.</p>" : SvgChart.bars(bars));
    }

    /// The largest first.
    private static void add(List<SvgChart.Bar> bars, Map<String, Ledger.Count> takers, String color) {
        takers.entrySet().stream()
                .filter(taker -> taker.getValue().documents() > 0)
                .sorted(Comparator.comparingLong(taker -> -taker.getValue().bytes()))
                .forEach(taker -> bars.add(new SvgChart.Bar(
                        taker.getKey(), Math.abs(taker.getValue().bytes()), figures(taker.getValue()), color)));
    }

    private static String key(String color) {
        return "<span style=\"color:" + color + "\">■</span>";
    }

    private String lengths() {
        Ledger read = report.of(ReadStage.NAME);
        return "<p>Documents by their bytes, from the number below the column to twice as many: " + key(READ)
                + " as read, " + key(LEFT) + " as kept after filtering.</p>\n"
                + SvgChart.histogram(
                        new SvgChart.Series(read.under("length/read/"), READ),
                        new SvgChart.Series(read.under("length/kept/"), LEFT))
                + "<p>Documents by their tokens, in the end.</p>\n"
                + SvgChart.histogram(
                        new SvgChart.Series(report.of(TokensStage.NAME).under("length/tokens/"), LEFT));
    }

    private String tokens() {
        StringBuilder table = new StringBuilder(
                "<table><tr><th></th><th>documents</th><th>bytes</th><th>tokens</th><th>bytes per token</th><th>shards</th>"
                        + "<th>padding</th></tr>\n");
        Ledger ledger = report.of(TokensStage.NAME);
        for (String part : List.of("train", "validation")) {
            Ledger.Count documents = ledger.get(part + "/documents");
            long tokens = ledger.get(part + "/tokens").documents();
            table.append(String.format(
                    Locale.ROOT,
                    "<tr><td>%s</td><td>%,d</td><td>%,d</td><td>%,d</td><td>%.2f</td><td>%d</td><td>%.3f %%</td></tr>%n",
                    part,
                    documents.documents(),
                    documents.bytes(),
                    tokens,
                    (double) documents.bytes() / Math.max(1, tokens),
                    ledger.get(part + "/shards").documents(),
                    100.0 * ledger.get(part + "/padding").documents() / Math.max(1, tokens)));
        }
        for (CorpusInput input : report.settings().inputs()) {
            table.append(String.format(
                    Locale.ROOT,
                    "<tr><td>from %s</td><td>%,d</td><td>%,d</td><td>%,d</td><td></td><td></td><td></td></tr>%n",
                    escape(input.name()),
                    report.of(OrderStage.NAME)
                            .get("origin/" + input.name() + "/taken")
                            .documents(),
                    report.of(OrderStage.NAME)
                            .get("origin/" + input.name() + "/taken")
                            .bytes(),
                    ledger.get("origin/" + input.name() + "/tokens").documents()));
        }
        return table.append("</table>\n").toString();
    }

    private String lines() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (String line : Files.readAllLines(out.resolve(LinesStage.NAME).resolve("lines.jsonl"))) {
            Map<String, Object> values = JsonLine.parse(line);
            rows.append(String.format(
                    Locale.ROOT, "<tr><td>%s</td><td>%,d</td></tr>%n", escape((String) values.get("line")), (Long)
                            values.get("documents")));
        }
        int copies = report.settings().duplicates().lineCopies();
        return rows.isEmpty()
                ? "<p>" + (copies == 0 ? "Not looked for." : "None stands in more than " + copies + ".") + "</p>"
                : "<table><tr><th>line, cut out of all but one</th><th>documents</th></tr>\n" + rows + "</table>\n";
    }

    private String samples() throws IOException {
        Map<String, List<Samples.Sample>> byKind = new LinkedHashMap<>();
        for (Samples.Sample sample : Samples.read(out.resolve(ReadStage.NAME).resolve("samples.jsonl"))) {
            byKind.computeIfAbsent(sample.kind(), unused -> new ArrayList<>()).add(sample);
        }
        StringBuilder text = new StringBuilder();
        byKind.forEach((kind, samples) -> {
            text.append("<details").append(kind.equals("kept") ? " open" : "").append("><summary>");
            text.append(escape(kind)).append("</summary>\n");
            for (Samples.Sample sample : samples) {
                text.append("<p>").append(escape(sample.source())).append(" <span class=\"why\">");
                text.append(escape(sample.why())).append("</span></p>");
                if (!sample.text().isEmpty()) {
                    text.append("<pre>").append(escape(sample.text())).append("</pre>\n");
                }
            }
            text.append("</details>\n");
        });
        return text.append(nearDuplicates()).toString();
    }

    /// Which documents were too near to which.
    private String nearDuplicates() throws IOException {
        StringBuilder rows = new StringBuilder();
        try (Stream<String> lines = Files.lines(out.resolve(NearStage.NAME).resolve("near.jsonl"))) {
            for (String line : lines.limit(MOST_PAIRS).toList()) {
                Map<String, Object> pair = JsonLine.parse(line);
                rows.append("<p>").append(escape((String) pair.get("source")));
                rows.append(" <span class=\"why\">is near to</span> ");
                rows.append(escape((String) pair.get("near"))).append("</p>\n");
            }
        }
        return rows.isEmpty() ? "" : "<details><summary>near duplicates</summary>\n" + rows + "</details>\n";
    }

    private String notes() {
        List<String> notes = report.of(ReadStage.NAME).notes();
        if (notes.isEmpty()) {
            return "<p>Everything could be read.</p>";
        }
        StringBuilder list = new StringBuilder("<ul>\n");
        notes.stream().limit(100).forEach(note -> list.append("<li class=\"note\">" + escape(note) + "</li>\n"));
        return list.append("</ul>\n").toString();
    }
}
