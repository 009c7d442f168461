package torrefy.tokenizer.corpus.build;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The figures of a report as charts: what became of every byte, how much each stage left, who took the rest, how long
/// documents are, how long it took.
record ReportCharts(CorpusReport report) {

    private static final String LEFT = "#4878a8";
    private static final String HELD_OUT = "#98b8d8";
    private static final String READ = "#b8b8b8";
    private static final String DROPPED = "#b85848";
    private static final String CHANGED = "#d8a848";
    private static final String EXACT = "#806098";
    private static final String NEAR = "#b8a0c8";

    /// One bar for all that was read, and what its parts are.
    String whole() {
        Ledger read = report.of(ReadStage.NAME);
        long all = read.get("read").bytes();
        long rejected = sum(read.under("filter/rejected/"));
        long dropped = sum(read.under("cleaning/dropped/"));
        long clean = read.get("kept").bytes();
        long byWeight = report.settings().inputs().stream()
                .mapToLong(input -> leftOutByWeight(input).bytes())
                .sum();
        List<SvgChart.Bar> parts = new ArrayList<>();
        part(parts, all, "to train on", tokenized("train"), LEFT);
        part(parts, all, "held out", tokenized("validation"), HELD_OUT);
        part(
                parts,
                all,
                "cut out of documents that stay",
                all - dropped - rejected - clean + bytesOfRepeatedLines(),
                CHANGED);
        part(parts, all, "rejected by filters, or no text", rejected + dropped, DROPPED);
        part(
                parts,
                all,
                "exact duplicates",
                report.of(ExactStage.NAME).get("duplicate").bytes(),
                EXACT);
        part(
                parts,
                all,
                "near duplicates",
                report.of(NearStage.NAME).get("duplicate").bytes(),
                NEAR);
        part(parts, all, "left out by weight", byWeight, READ);
        StringBuilder legend = new StringBuilder("<p>");
        for (SvgChart.Bar part : parts) {
            String color = key(part.color());
            legend.append("<span class=\"part\">" + color + " " + part.name() + ": " + part.figures() + "</span>\n");
        }
        return SvgChart.stack(parts) + legend.append("</p>\n");
    }

    private static void part(List<SvgChart.Bar> parts, long all, String name, long bytes, String color) {
        if (bytes > 0) {
            String figures = String.format(Locale.ROOT, "%.1f %%", 100.0 * bytes / Math.max(1, all));
            parts.add(new SvgChart.Bar(name, bytes, Figures.bytes(bytes) + ", " + figures, color));
        }
    }

    private static long sum(Map<String, Ledger.Count> counts) {
        return counts.values().stream().mapToLong(Ledger.Count::bytes).sum();
    }

    private long tokenized(String part) {
        return report.of(TokensStage.NAME).get(part + "/documents").bytes();
    }

    private Ledger.Count leftOutByWeight(CorpusInput input) {
        return report.of(OrderStage.NAME).get("origin/" + input.name() + "/left out by weight");
    }

    /// They are cut out of the documents on the way to the tokenizer.
    private long bytesOfRepeatedLines() {
        Ledger order = report.of(OrderStage.NAME);
        return order.get("training").bytes()
                + order.get("validation").bytes()
                - tokenized("train")
                - tokenized("validation");
    }

    String funnel() {
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

    String takers() {
        List<SvgChart.Bar> bars = new ArrayList<>();
        Ledger read = report.of(ReadStage.NAME);
        Map<String, Ledger.Count> droppers = new LinkedHashMap<>(read.under("cleaning/dropped/"));
        droppers.putAll(read.under("filter/rejected/"));
        droppers.put("exact duplicates", report.of(ExactStage.NAME).get("duplicate"));
        droppers.put("near duplicates", report.of(NearStage.NAME).get("duplicate"));
        for (CorpusInput input : report.settings().inputs()) {
            droppers.put(input.name() + ", left out by weight", leftOutByWeight(input));
        }
        add(bars, droppers, DROPPED);
        Map<String, Ledger.Count> changers = new LinkedHashMap<>(read.under("cleaning/changed/"));
        changers.putAll(read.under("filter/changed/"));
        add(bars, changers, CHANGED);
        long lines = report.of(LinesStage.NAME).get("lines cut").documents();
        if (lines > 0) {
            String figures = String.format(Locale.ROOT, "%s, %,d lines", Figures.bytes(bytesOfRepeatedLines()), lines);
            bars.add(new SvgChart.Bar("repeated lines", bytesOfRepeatedLines(), figures, CHANGED));
        }
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

    String lengths() {
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

    String times() {
        List<SvgChart.Bar> bars = new ArrayList<>();
        for (CorpusReport.Speed speed : report.speeds()) {
            String figures = String.format(Locale.ROOT, "%.1f s", speed.seconds());
            bars.add(new SvgChart.Bar(
                    speed.name(),
                    Math.round(1000 * speed.seconds()),
                    speed.bytes() == 0 ? figures : figures + ", " + speed.perSecond(),
                    LEFT));
        }
        CorpusReport.Speed all = report.overall();
        return String.format(
                        Locale.ROOT,
                        "<p>%.1f s in all, %s of what was read; a stage's speed is by the text that reached it.</p>%n",
                        all.seconds(),
                        all.perSecond())
                + SvgChart.bars(bars);
    }
}
