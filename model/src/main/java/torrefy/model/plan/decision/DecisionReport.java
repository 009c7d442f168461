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
        Estimates numbers = new Estimates(given, hardware);
        List<Estimate> estimates = numbers.all();
        return new DecisionReport(
                given,
                hardware,
                estimates,
                Recommendation.of(estimates, given, numbers.isAsGoodAsBought()),
                LossPlot.of(numbers, given.dollars()));
    }

    /// The user's numbers in a sentence.
    String question() {
        return String.format(
                Locale.ROOT,
                "You have %s tokens of your own text and $%,.0f; it %s leave the house, %s, %s, and a token of an answer may"
                        + " take %.0f ms. The bought model would have %s parameters.",
                Estimates.number(given.ownTokens()),
                given.dollars(),
                given.isPrivate() ? "may not" : "may",
                given.ownLicence() ? "the model must be free of others' terms" : "others' terms are fine",
                given.textChanges() ? "the text changes from week to week" : "the text stays as it is",
                1e3 * given.latencySeconds(),
                Estimates.number(given.bought()));
    }

    /// What everything is priced on, in a sentence.
    String pricing() {
        return String.format(
                Locale.ROOT,
                "Priced on %s: %.0f TFLOP/s, of which training reaches %.0f %% (Llama 3, arXiv 2407.21783), %.0f GB at %.0f"
                        + " GB/s, $%.2f an hour (%s; %s). Prices move, and one's own differ: --hardware FILE replaces them.",
                hardware.name(),
                hardware.peak() / 1e12,
                100 * Hardware.UTILIZATION,
                hardware.memoryBytes() / 1e9,
                hardware.bandwidth() / 1e9,
                hardware.pricePerHour(),
                hardware.source(),
                hardware.date());
    }

    /// The recommendation in a sentence.
    String answer() {
        return recommendation
                .way()
                .map(way -> "Recommended: " + way.title() + ". You get " + way.yields() + ".")
                .orElse("Recommended: none of them.");
    }

    /// $12.30, or less than a cent.
    static String dollars(double value) {
        return value < 0.01 ? "under $0.01" : String.format(Locale.ROOT, value < 1000 ? "$%,.2f" : "$%,.0f", value);
    }

    /// As plain text or Markdown, which differ in how a heading looks.
    public String text(boolean markdown) {
        StringBuilder out = new StringBuilder();
        out.append(markdown ? "# Build or buy\n\n" : "BUILD OR BUY\n\n");
        out.append(question()).append("\n\n").append(answer()).append("\n\n");
        recommendation
                .reasons()
                .forEach(reason -> out.append("- ").append(reason).append('\n'));
        out.append('\n').append(pricing()).append("\n\n");
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

    /// What there is to say of one way, line by line.
    static List<String> rows(Estimate estimate) {
        List<String> rows = new ArrayList<>();
        rows.add(String.format(
                Locale.ROOT,
                "costs %s: %s machine hours, on at least %d at once",
                dollars(estimate.dollars()),
                Estimates.hours(estimate.hours()),
                estimate.machines()));
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
