package torrefy.model.plan.decision;

import java.util.List;

/// A [DecisionReport] as one HTML page: no script, no picture from elsewhere.
final class HtmlPage {

    private static final String STYLE = """
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem;
                   color: #222; background: #fff }
            h1, h2 { line-height: 1.2 }
            .answer { background: #eef4fb; border-left: 4px solid #1f5fa8; padding: .6rem 1rem }
            table { border-collapse: collapse; width: 100% }
            th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #ddd }
            .no { color: #a33 }
            .plot { width: 100%; font-size: 12px }
            .plot .grid { stroke: #e4e4e4 }
            .plot .range { fill: #b8cce4; opacity: .5 }
            .plot .curve { fill: none; stroke: #1f5fa8; stroke-width: 2 }
            .plot .bought { stroke: #d05a1e; stroke-width: 1.5 }
            .plot .budget { stroke: #2a7d3c; stroke-dasharray: 4 3 }
            @media (prefers-color-scheme: dark) {
              body { background: #1b1b1b; color: #ddd } .answer { background: #24303d } .plot text { fill: #ddd }
              th, td { border-color: #444 } .plot .grid { stroke: #333 } .no { color: #e88 } }
            """;

    private HtmlPage() {}

    static String of(DecisionReport report) {
        StringBuilder out = new StringBuilder();
        out.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append(
                        "<meta name=\"viewport\" content=\"width=device-width\">\n<title>Build or buy</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<h1>Build or buy</h1>\n");
        paragraph(out, "", report.question());
        paragraph(out, "answer", report.answer());
        out.append("<ul>\n");
        report.recommendation().reasons().forEach(reason -> item(out, reason));
        out.append("</ul>\n<h2>The four ways</h2>\n<table>\n");
        String cell = "<th>";
        for (List<String> row : report.table()) {
            out.append(row.getLast().equals("no") ? "<tr class=\"no\">" : "<tr>");
            for (String value : row) {
                out.append(cell).append(escaped(value));
            }
            out.append("</tr>\n");
            cell = "<td>";
        }
        out.append("</table>\n<h2>Loss against cost</h2>\n")
                .append(report.plot().svg());
        paragraph(
                out,
                "",
                "The curve is a model of your own, if there were text enough; the band is how unsure its loss is.");
        for (Estimate estimate : report.estimates()) {
            out.append("<h2>").append(escaped(estimate.way().title())).append("</h2>\n<ul>\n");
            DecisionReport.rows(estimate).forEach(row -> item(out, row));
            out.append("</ul>\n");
        }
        paragraph(out, "", report.pricing());
        return out.append("</body>\n</html>\n").toString();
    }

    private static void paragraph(StringBuilder out, String kind, String text) {
        out.append(kind.isEmpty() ? "<p>" : "<p class=\"" + kind + "\">")
                .append(escaped(text))
                .append("</p>\n");
    }

    private static void item(StringBuilder out, String text) {
        out.append("<li>").append(escaped(text)).append("</li>\n");
    }

    /// Names and sources may come from a user's file.
    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
