package torrefy.tokenizer.corpus.build;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// Charts as inline SVG: bars that lie, one for each name; one bar of several parts; and histograms that stand.
final class SvgChart {

    private static final int WIDTH = 900;
    private static final int NAMES = 270;
    private static final int FIGURES = 240;
    private static final int ROW = 24;
    private static final int STACK = 44;
    private static final int HEIGHT = 180;
    private static final int HEAD = 20;
    private static final int FOOT = 22;

    private SvgChart() {}

    /// A bar that lies.
    ///
    /// @param figures what is written beside it
    record Bar(String name, long length, String figures, String color) {}

    /// Columns that stand side by side in each bucket.
    ///
    /// @param counts documents in each bucket of a [Histogram], by its number
    record Series(Map<String, Ledger.Count> counts, String color) {

        long in(int bucket) {
            return counts.getOrDefault("" + bucket, Ledger.Count.NONE).documents();
        }
    }

    static String bars(List<Bar> bars) {
        double most = Math.max(1, bars.stream().mapToLong(Bar::length).max().orElse(1));
        StringBuilder svg = open(bars.size() * ROW);
        for (int row = 0; row < bars.size(); row++) {
            Bar bar = bars.get(row);
            int y = row * ROW;
            double length = Math.max(1, (WIDTH - NAMES - FIGURES) * bar.length / most);
            text(svg, NAMES - 8, y + 16, "end", bar.name);
            rectangle(svg, NAMES, y + 3, length, ROW - 6, bar.color, bar.name + ": " + bar.figures);
            text(svg, NAMES + length + 8, y + 16, "start", bar.figures);
        }
        return svg.append("</svg>\n").toString();
    }

    /// The parts of a whole, side by side in one bar over the full width.
    static String stack(List<Bar> parts) {
        double all = Math.max(1, parts.stream().mapToLong(Bar::length).sum());
        StringBuilder svg = open(STACK);
        long drawn = 0;
        for (Bar part : parts) {
            long from = Math.round(WIDTH * drawn / all);
            drawn += part.length;
            long width = Math.round(WIDTH * drawn / all) - from;
            if (width > 0) {
                rectangle(svg, from, 0, width, STACK, part.color, part.name + ": " + part.figures);
            }
        }
        return svg.append("</svg>\n").toString();
    }

    /// The number of documents stands above each column.
    static String histogram(Series... series) {
        int[] buckets = Stream.of(series)
                .flatMap(one -> one.counts.keySet().stream())
                .mapToInt(Integer::parseInt)
                .sorted()
                .toArray();
        if (buckets.length == 0) {
            return "<p>No documents.</p>";
        }
        int first = buckets[0];
        int count = buckets[buckets.length - 1] - first + 1;
        double most = 1;
        for (Series one : series) {
            for (int bucket : buckets) {
                most = Math.max(most, one.in(bucket));
            }
        }
        double width = Math.min(80, (double) WIDTH / count);
        double column = (width - 6) / series.length;
        StringBuilder svg = open(HEIGHT + FOOT);
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < series.length; j++) {
                long documents = series[j].in(first + i);
                double x = i * width + 3 + j * column;
                double height = (HEIGHT - HEAD) * documents / most;
                if (documents > 0) {
                    rectangle(svg, x, HEIGHT - height, column, height, series[j].color, Figures.documents(documents));
                    text(svg, x + column / 2, HEIGHT - height - 4, "middle", Figures.count(documents));
                }
            }
            text(svg, (i + 0.5) * width, HEIGHT + 16, "middle", Histogram.label(first + i));
        }
        return svg.append("</svg>\n").toString();
    }

    private static void rectangle(
            StringBuilder svg, double x, double y, double width, double height, String color, String title) {
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"><title>%s</title></rect>%n",
                x,
                y,
                width,
                height,
                color,
                HtmlReport.escape(title)));
    }

    private static StringBuilder open(int height) {
        return new StringBuilder(
                String.format(Locale.ROOT, "<svg viewBox=\"0 0 %d %d\" role=\"img\">%n", WIDTH, height));
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
                x,
                y,
                anchor,
                HtmlReport.escape(text)));
    }
}
