package torrefy.tokenizer.corpus.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import torrefy.tokenizer.corpus.pack.JsonLine;

/// What building a corpus did, as one HTML page that needs nothing else: [charts][ReportCharts], the lines that stood
/// in most documents, and documents to look at.
///
/// @param report the same as text
/// @param out the folder of the build, for samples and lines
record HtmlReport(CorpusReport report, Path out) {

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
            .part { white-space: nowrap; margin-right: 1.5em; }
            """;

    String text() throws IOException {
        StringBuilder page = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        page.append("<title>Corpus</title><style>").append(STYLE).append("</style></head><body>\n");
        page.append("<h1>Corpus</h1>\n<p>").append(headline()).append("</p>\n").append(settings());
        ReportCharts charts = new ReportCharts(report);
        page.append(charts.whole());
        page.append("<h2>What is left after each stage</h2>\n").append(charts.funnel());
        page.append("<h2>Who took what</h2>\n").append(charts.takers());
        page.append("<h2>How long documents are</h2>\n").append(charts.lengths());
        page.append("<h2>Tokens</h2>\n").append(tokens());
        page.append("<h2>How long it took</h2>\n").append(charts.times());
        page.append("<h2>Lines that stand in most documents</h2>\n").append(lines());
        page.append("<h2>Samples</h2>\n<p>A few documents of each kind, the beginning of each.</p>\n")
                .append(samples());
        Ledger read = report.of(ReadStage.NAME);
        page.append("<h2>What could not be read</h2>\n").append(lines(read.notes(), "Everything could be read."));
        page.append("<h2>What shares words with evaluation texts</h2>\n").append(lines(read.hits(), "Nothing."));
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
        long unreadable = report.of(ReadStage.NAME).get("unreadable").documents();
        return String.format(
                Locale.ROOT,
                "<b>%,d tokens to train on</b>, from %s with %s of the %s with %s that were read, in %.1f s%s.",
                report.of(TokensStage.NAME).get("train/tokens").documents(),
                Figures.documents(training.documents()),
                Figures.bytes(training.bytes()),
                Figures.documents(read.documents()),
                Figures.bytes(read.bytes()),
                report.overall().seconds(),
                unreadable == 0 ? "" : "; " + Figures.count(unreadable) + " could not be read, see the end");
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
        table.append("</table>\n");
        report.heldOutNothing()
                .ifPresent(words ->
                        table.append("<p class=\"why\">").append(escape(words)).append("</p>\n"));
        return table.toString();
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

    private static String lines(List<String> lines, String none) {
        if (lines.isEmpty()) {
            return "<p>" + none + "</p>\n";
        }
        StringBuilder list = new StringBuilder("<ul>\n");
        lines.stream().limit(100).forEach(line -> list.append("<li class=\"note\">" + escape(line) + "</li>\n"));
        return list.append("</ul>\n").toString();
    }
}
