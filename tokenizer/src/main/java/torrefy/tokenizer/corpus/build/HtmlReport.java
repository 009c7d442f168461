package torrefy.tokenizer.corpus.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import torrefy.tokenizer.corpus.pack.JsonLine;

/// What building a corpus did, as one HTML page that needs nothing else: how much each stage left, who took the
/// rest, how long documents are, the lines that stood in most of them, and documents to look at.
///
/// @param report the same as text
/// @param out the folder of the build, for samples and lines
record HtmlReport(CorpusReport report, Path out) {

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
        page.append("<h1>Corpus</h1>\n<p>").append(headline()).append("</p>\n");
        page.append("<h2>What is left after each stage</h2>\n").append(funnel());
        page.append("<h2>Who took what</h2>\n").append(takers());
        page.append("<h2>How long documents are</h2>\n").append(lengths());
        page.append("<h2>Tokens</h2>\n").append(tokens());
        page.append("<h2>Lines in most documents</h2>\n").append(lines());
        page.append("<h2>Samples</h2>\n").append(samples());
        page.append("<h2>Notes</h2>\n").append(notes());
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
                "Of %,d documents with %,.1f MB, %,d with %,.1f MB are there to train on: %,d tokens.",
                read.documents(),
                read.bytes() / 1e6,
                training.documents(),
                training.bytes() / 1e6,
                report.of(TokensStage.NAME).get("train/tokens").documents());
    }

    private String funnel() {
        Ledger read = report.of(ReadStage.NAME);
        Ledger.Count cleaned = less(read.get("read"), read.under("cleaning/"));
        Map<String, Ledger.Count> stages = new LinkedHashMap<>();
        stages.put("read", read.get("read"));
        stages.put("cleaned", cleaned);
        stages.put("filtered", read.get("kept"));
        stages.put("without exact duplicates", report.of(ExactStage.NAME).get("kept"));
        stages.put("without near duplicates", report.of(NearStage.NAME).get("kept"));
        Ledger order = report.of(OrderStage.NAME);
        stages.put("mixed, to train on", order.get("training"));
        stages.put("mixed, held out", order.get("validation"));
        return SvgChart.bars(stages, "#4878a8");
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
        Map<String, Ledger.Count> takers = new LinkedHashMap<>();
        Ledger read = report.of(ReadStage.NAME);
        read.under("cleaning/dropped/").forEach((name, count) -> takers.put("dropped: " + name, count));
        read.under("cleaning/changed/").forEach((name, count) -> takers.put("changed: " + name, count));
        read.under("filter/rejected/").forEach((name, count) -> takers.put("rejected: " + name, count));
        read.under("filter/changed/").forEach((name, count) -> takers.put("changed: " + name, count));
        takers.put("exact duplicates", report.of(ExactStage.NAME).get("duplicate"));
        takers.put("near duplicates", report.of(NearStage.NAME).get("duplicate"));
        for (CorpusInput input : report.settings().inputs()) {
            takers.put(
                    input.name() + ", left out by weight",
                    report.of(OrderStage.NAME).get("origin/" + input.name() + "/left out by weight"));
        }
        takers.values().removeIf(count -> count.documents() == 0);
        return takers.isEmpty() ? "<p>Nobody took anything.</p>" : SvgChart.bars(takers, "#c07848");
    }

    private String lengths() {
        Ledger read = report.of(ReadStage.NAME);
        return "<p>Documents by their bytes: <span style=\"color:#999\">■</span> as read,"
                + " <span style=\"color:#4878a8\">■</span> as kept after filtering.</p>"
                + SvgChart.histogram(read.under("length/read/"), "#bbb", read.under("length/kept/"), "#4878a8")
                + "<p>Documents by their tokens.</p>"
                + SvgChart.histogram(
                        report.of(TokensStage.NAME).under("length/tokens/"), "#4878a8", Map.of(), "#4878a8");
    }

    private String tokens() {
        StringBuilder table = new StringBuilder(
                "<table><tr><th></th><th>documents</th><th>bytes</th><th>tokens</th><th>bytes a token</th><th>shards</th>"
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
        return text.toString();
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
