package torrefy.model.plan.decision;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import torrefy.model.plan.LossModel.Prediction;

/// The loss of a model of one's own against what its training costs, beside that of the bought one: a curve that shows
/// where building begins to be worth it.
///
/// @param points by what is spent, ascending
/// @param bought the bought model's loss
/// @param budget in what is spent
/// @param inHours whether machine hours are spent, because they cost nothing, or else dollars
public record LossPlot(List<Point> points, double bought, double budget, boolean inHours) {

    /// @param spent on pre-training
    /// @param loss that it leads to
    public record Point(double spent, Prediction loss) {}

    private static final int WIDTH = 720;
    private static final int HEIGHT = 380;
    private static final int LEFT = 60;
    private static final int RIGHT = 30;
    private static final int TOP = 20;
    private static final int BOTTOM = 50;
    private static final int DECADES = 8;
    private static final int POINTS_A_DECADE = 4;

    public LossPlot {
        points = List.copyOf(points);
    }

    /// From ten cents, or a tenth of an hour, to ten million.
    static LossPlot of(Estimates numbers, double budget) {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i <= POINTS_A_DECADE * DECADES; i++) {
            double spent = 0.1 * Math.pow(10, (double) i / POINTS_A_DECADE);
            points.add(new Point(spent, numbers.lossFor(spent)));
        }
        return new LossPlot(points, numbers.boughtLoss(), budget, numbers.isFree());
    }

    /// As a table: one line for each power of ten.
    String text() {
        StringBuilder out = new StringBuilder("Loss of a model of your own, if there were text enough (the bought one: "
                + String.format(Locale.ROOT, "%.2f", bought) + "):\n\n");
        for (int i = POINTS_A_DECADE; i < points.size(); i += POINTS_A_DECADE) {
            Point point = points.get(i);
            out.append(String.format(
                    Locale.ROOT,
                    "- for %s: %.2f nats a token, from %.2f to %.2f%n",
                    amount(i / POINTS_A_DECADE - 1),
                    point.loss().nats(),
                    point.loss().low(),
                    point.loss().high()));
        }
        return out.toString();
    }

    /// As an SVG element.
    String svg() {
        StringBuilder out = new StringBuilder();
        out.append(String.format(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"loss against cost\" class=\"plot\">%n",
                WIDTH, HEIGHT));
        for (int power = -1; power < DECADES; power++) {
            double spent = Math.pow(10, power);
            out.append(line(x(spent), y(lowest()), x(spent), y(highest()), "grid"));
            out.append(label(x(spent), HEIGHT - BOTTOM + 18, "middle", amount(power)));
        }
        for (int loss = (int) Math.ceil(lowest()); loss <= highest(); loss++) {
            out.append(line(LEFT, y(loss), WIDTH - RIGHT, y(loss), "grid"));
            out.append(label(LEFT - 8, y(loss) + 4, "end", Integer.toString(loss)));
        }
        out.append("<path class=\"range\" d=\"M")
                .append(path(point -> point.loss().low()))
                .append(" L")
                .append(reversed(point -> point.loss().high()))
                .append(" Z\"/>\n");
        out.append("<path class=\"curve\" d=\"M")
                .append(path(point -> point.loss().nats()))
                .append("\"/>\n");
        out.append(line(LEFT, y(bought), WIDTH - RIGHT, y(bought), "bought"));
        out.append(label(LEFT + 8, y(bought) - 6, "start", "the bought model"));
        double inside =
                Math.clamp(budget, points.getFirst().spent(), points.getLast().spent());
        boolean isFarRight = x(inside) > 0.85 * WIDTH;
        String words = budget < inside ? "← your budget" : budget > inside ? "your budget →" : "your budget";
        if (budget == inside) {
            out.append(line(x(budget), y(lowest()), x(budget), y(highest()), "budget"));
        }
        out.append(label(x(inside) + (isFarRight ? -6 : 6), TOP + 12, isFarRight ? "end" : "start", words));
        out.append(label(
                (LEFT + WIDTH - RIGHT) / 2.0,
                HEIGHT - 8,
                "middle",
                inHours ? "machine hours of pre-training" : "cost of pre-training"));
        out.append(label(LEFT, TOP - 6, "start", "loss, nats a token"));
        return out.append("</svg>\n").toString();
    }

    /// A power of ten in dollars or hours.
    private String amount(int power) {
        String number = power < 0
                ? inHours ? "0.1" : "0.10"
                : power < 6
                        ? String.format(Locale.ROOT, "%,.0f", Math.pow(10, power))
                        : "1" + "0".repeat(power - 6) + "M";
        return inHours ? number + " h" : "$" + number;
    }

    private double lowest() {
        return Math.min(bought, points.getLast().loss().low()) - 0.2;
    }

    private double highest() {
        return points.getFirst().loss().high() + 0.2;
    }

    private double x(double spent) {
        double first = points.getFirst().spent();
        double share = Math.log(spent / first) / Math.log(points.getLast().spent() / first);
        return LEFT + share * (WIDTH - LEFT - RIGHT);
    }

    private double y(double loss) {
        return TOP + (highest() - loss) / (highest() - lowest()) * (HEIGHT - TOP - BOTTOM);
    }

    private String path(ToDoubleFunction<Point> loss) {
        return join(points, loss);
    }

    private String reversed(ToDoubleFunction<Point> loss) {
        return join(points.reversed(), loss);
    }

    private String join(List<Point> order, ToDoubleFunction<Point> loss) {
        return order.stream()
                .map(point -> String.format(Locale.ROOT, "%.1f %.1f", x(point.spent()), y(loss.applyAsDouble(point))))
                .collect(Collectors.joining(" L"));
    }

    private static String line(double x1, double y1, double x2, double y2, String kind) {
        return String.format(
                Locale.ROOT,
                "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>%n",
                kind,
                x1,
                y1,
                x2,
                y2);
    }

    private static String label(double x, double y, String anchor, String text) {
        return String.format(
                Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, text);
    }
}
