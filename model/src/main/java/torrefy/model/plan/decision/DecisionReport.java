package torrefy.model.plan.decision;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Build or buy: the four ways for one user's numbers, and which of them to go.
///
/// @param given the user's numbers
/// @param hardware on which everything is priced
/// @param estimates of the four ways
/// @param recommendation with its reasons
/// @param plot loss against cost
public record DecisionReport(
        Circumstances given,
        Hardware hardware,
        List<Estimate> estimates,
        Recommendation recommendation,
        LossPlot plot) {

    public static DecisionReport of(Circumstances given, Hardware hardware) {
        Estimates numbers =
                new Estimates(given, hardware.withEnergyAt(given.machines().energyPrice()));
        List<Estimate> estimates = numbers.all();
        return new DecisionReport(
                given,
                hardware,
                estimates,
                Recommendation.of(estimates, given, numbers.isAsGoodAsBought()),
                LossPlot.of(numbers, numbers.isFree() ? given.machines().allHours() : given.dollars()));
    }

    /// The user's numbers in a sentence.
    String question() {
        return String.format(
                Locale.ROOT,
                "You have %s tokens of your own text and %s%s; the text %s leave the house and %s, %s, and a token of an"
                        + " answer may take %s ms. The bought model would have %s parameters.",
                Estimates.number(given.ownTokens()),
                dollars(given.dollars()),
                Double.isFinite(given.machines().allHours())
                        ? ", and " + Estimates.count(given.machines().count()) + " for "
                                + Estimates.hours(given.machines().hours()) + " hours"
                        : "",
                given.isPrivate() ? "may not" : "may",
                given.textChanges() ? "changes from week to week" : "stays as it is",
                given.ownLicence() ? "the model must be free of others' terms" : "others' terms are fine",
                Estimates.number(1e3 * given.latencySeconds()),
                Estimates.number(given.bought()));
    }

    /// What everything is priced on, in a sentence.
    String pricing() {
        return String.format(
                Locale.ROOT,
                "Priced on %s: %s TFLOP/s, of which training reaches %.0f %% (Llama 3, arXiv 2407.21783), %s GB at %s"
                        + " GB/s, %s an hour%s (%s; %s). Machine hours are FLOPs / (%2$s TFLOP/s · %3$.0f %%) / 3600,"
                        + " dollars are those times the price. Prices move, and one's own differ: --hardware FILE"
                        + " replaces them. People's work, trials that fail and the machine that answers come on top.",
                hardware.name(),
                Estimates.digits(hardware.peak() / 1e12),
                100 * Hardware.UTILIZATION,
                Estimates.digits(hardware.memoryBytes() / 1e9),
                Estimates.digits(hardware.bandwidth() / 1e9),
                dollars(hardware.pricePerHour()),
                given.machines().energyPrice() == 0
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                " and %.0f W at %s a kilowatt hour",
                                hardware.watts(),
                                dollars(given.machines().energyPrice())),
                hardware.source(),
                hardware.date());
    }

    /// The recommendation in a sentence.
    public String answer() {
        return recommendation
                .way()
                .map(way -> "Recommended: " + way.title() + ". You get " + way.yields() + ".")
                .orElse("Recommended: none of them.");
    }

    /// $12.30, $12, or less than a cent.
    static String dollars(double value) {
        if (value == 0) {
            return "$0";
        }
        boolean hasCents = value < 1000 && value != Math.rint(value);
        return value < 0.01 ? "under $0.01" : String.format(Locale.ROOT, hasCents ? "$%,.2f" : "$%,.0f", value);
    }

    /// As plain text or Markdown, which differ in how a heading looks.
    public String text(boolean markdown) {
        StringBuilder out = new StringBuilder();
        out.append(markdown ? "# Build or buy\n\n" : "BUILD OR BUY\n\n");
        out.append(question()).append("\n\n").append(answer()).append("\n\n");
        recommendation
                .reasons()
                .forEach(reason -> out.append("- ").append(reason).append('\n'));
        out.append('\n').append(markdown ? markdownTable() : textTable()).append('\n');
        // Names and sources may come from a user's file: no markup.
        String prices = markdown ? pricing().replaceAll("[\\\\*_<`\\[|]", "\\\\$0") : pricing();
        out.append(prices).append("\n\n");
        for (Estimate estimate : estimates) {
            out.append(
                    markdown
                            ? "## " + estimate.way().title()
                            : estimate.way().title().toUpperCase(Locale.ROOT));
            out.append("\n\n");
            rows(estimate).forEach(row -> out.append("- ").append(row).append('\n'));
            out.append('\n');
        }
        out.append(plot.text());
        return out.toString();
    }

    /// The ways side by side; its first row names the columns.
    List<List<String>> table() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("way", "cost", "machine hours", "machines", "ms a token", "possible"));
        for (Estimate estimate : estimates) {
            rows.add(List.of(
                    estimate.way().title(),
                    dollars(estimate.dollars()),
                    Estimates.hours(estimate.hours()),
                    String.format(Locale.ROOT, "%,d", estimate.machines()),
                    Estimates.milliseconds(estimate.tokenSeconds()),
                    estimate.isPossible() ? "yes" : "no"));
        }
        return rows;
    }

    private String textTable() {
        StringBuilder out = new StringBuilder();
        table().forEach(row -> out.append(String.format("%-24s%14s%16s%10s%12s  %s%n", row.toArray())));
        return out.toString();
    }

    private String markdownTable() {
        StringBuilder out = new StringBuilder();
        for (List<String> row : table()) {
            out.append("| ").append(String.join(" | ", row)).append(" |\n");
            if (out.indexOf("|---") < 0) {
                out.append("|---|---:|---:|---:|---:|---|\n");
            }
        }
        return out.toString();
    }

    /// What there is to say of one way, line by line.
    static List<String> rows(Estimate estimate) {
        List<String> rows = new ArrayList<>();
        rows.add(String.format(
                Locale.ROOT,
                "costs %s: %s machine hours, on at least %s at once, %s kWh",
                dollars(estimate.dollars()),
                Estimates.hours(estimate.hours()),
                Estimates.count(estimate.machines()),
                Estimates.hours(estimate.kilowattHours())));
        rows.add("needs " + estimate.needs());
        rows.add("gives " + estimate.way().yields());
        rows.addAll(estimate.formulas());
        estimate.obstacles().forEach(obstacle -> rows.add("out of the question: " + obstacle));
        return rows;
    }

    /// As one HTML page that needs nothing else.
    public String html() {
        return HtmlPage.of(this);
    }
}
