package torrefy.tokenizer.corpus.build;

import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/// Two kinds of charts as inline SVG: bars that lie, one for each name, and histograms that stand.
final class SvgChart {

    private static final int WIDTH = 900;
    private static final int NAMES = 270;
    private static final int FIGURES = 190;
    private static final int ROW = 24;
    private static final int HEIGHT = 180;
    private static final int FOOT = 22;

    private SvgChart() {}

    /// A bar for the bytes of each; beside it, bytes and documents in figures.
    static String bars(Map<String, Ledger.Count> counts, String color) {
        double most = counts.values().stream()
                .mapToLong(count -> Math.abs(count.bytes()))
                .max()
                .orElse(1);
        StringBuilder svg = open(counts.size() * ROW);
        int row = 0;
        for (Map.Entry<String, Ledger.Count> entry : counts.entrySet()) {
            int y = row++ * ROW;
            double length = Math.max(
                    1, (WIDTH - NAMES - FIGURES) * Math.abs(entry.getValue().bytes()) / Math.max(1, most));
            text(svg, NAMES - 8, y + 16, "end", entry.getKey());
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
                    NAMES,
                    y + 3,
                    length,
                    ROW - 6,
                    color));
            text(
                    svg,
                    NAMES + length + 8,
                    y + 16,
                    "start",
                    String.format(
                            Locale.ROOT,
                            "%,.2f MB, %,d documents",
                            entry.getValue().bytes() / 1e6,
                            entry.getValue().documents()));
        }
        return svg.append("</svg>\n").toString();
    }

    /// Documents in each bucket of a [Histogram], by its number; the second series stands before the first.
    static String histogram(
            Map<String, Ledger.Count> back, String backColor, Map<String, Ledger.Count> front, String frontColor) {
        int[] buckets = IntStream.concat(
                        back.keySet().stream().mapToInt(Integer::parseInt),
                        front.keySet().stream().mapToInt(Integer::parseInt))
                .sorted()
                .toArray();
        if (buckets.length == 0) {
            return "<p>No documents.</p>";
        }
        int first = buckets[0];
        int count = buckets[buckets.length - 1] - first + 1;
        double most =
                back.values().stream().mapToLong(Ledger.Count::documents).max().orElse(1);
        double width = Math.min(60, (double) WIDTH / count);
        StringBuilder svg = open(HEIGHT + FOOT);
        for (int i = 0; i < count; i++) {
            column(svg, back.get("" + (first + i)), most, i * width, width, backColor);
            column(svg, front.get("" + (first + i)), most, i * width, width, frontColor);
            text(svg, (i + 0.5) * width, HEIGHT + 16, "middle", Histogram.label(first + i));
        }
        return svg.append("</svg>\n").toString();
    }

    private static void column(
            StringBuilder svg, Ledger.Count count, double most, double x, double width, String color) {
        if (count == null) {
            return;
        }
        double height = (HEIGHT - 20) * count.documents() / most;
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"><title>%,d documents</title></rect>%n",
                x + 2,
                HEIGHT - height,
                width - 4,
                height,
                color,
                count.documents()));
    }

    private static StringBuilder open(int height) {
        return new StringBuilder(
                String.format(Locale.ROOT, "<svg viewBox=\"0 0 %d %d\" role=\"img\">%n", WIDTH, height));
    }

    private static void text(StringBuilder svg, double x, int y, String anchor, String text) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s</text>%n",
                x,
                y,
                anchor,
                HtmlReport.escape(text)));
    }
}
