package torrefy.examples.quickstart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// The picture of a run: training loss (faint for each step, bold for its running mean) and validation loss.
public final class LossCurve {

    private static final Pattern STEP_FIELD = Pattern.compile("\"step\":(\\d+),\"loss\":([\\d.]+)");
    private static final Pattern VALIDATION_FIELD = Pattern.compile("\"validation_loss\":([\\d.]+)");

    private static final Color FAINT = new Color(0xB8, 0xCC, 0xE4);
    private static final Color TRAINING = new Color(0x1F, 0x5F, 0xA8);
    private static final Color VALIDATION = new Color(0xD0, 0x5A, 0x1E);

    private final List<Double> steps = new ArrayList<>();
    private final List<Double> losses = new ArrayList<>();
    private final List<Double> means = new ArrayList<>();
    private final List<Double> validationSteps = new ArrayList<>();
    private final List<Double> validationLosses = new ArrayList<>();
    private double weighted;
    private double weight;

    /// Adds what stands in the lines of a `metrics.jsonl`.
    void add(byte[] metrics) {
        new String(metrics, StandardCharsets.UTF_8).lines().forEach(line -> {
            Matcher step = STEP_FIELD.matcher(line);
            Matcher validation = VALIDATION_FIELD.matcher(line);
            if (step.find()) {
                int number = Integer.parseInt(step.group(1));
                training(number, Double.parseDouble(step.group(2)));
                if (validation.find()) {
                    validation(number, Double.parseDouble(validation.group(1)));
                }
            }
        });
    }

    /// Adds the loss of a training step, nats per token.
    public void training(int step, double loss) {
        weighted = 0.95 * weighted + loss;
        weight = 0.95 * weight + 1;
        // The weights of step n are in use between points n - 1 and n.
        steps.add(step - 0.5);
        losses.add(loss);
        means.add(weighted / weight);
    }

    /// Adds the loss on held-out text after a step, nats per token.
    public void validation(int step, double loss) {
        validationSteps.add((double) step);
        validationLosses.add(loss);
    }

    /// Writes the picture as a PNG. On a machine without fonts none can be drawn: a line on stdout says so.
    public void write(Path file, String title) throws IOException {
        if (!Picture.canBeDrawn(file)) {
            return;
        }
        XYChart chart = new XYChartBuilder()
                .width(960)
                .height(560)
                .title(title)
                .xAxisTitle("step")
                .yAxisTitle("loss (nats per token)")
                .build();
        chart.getStyler().setXAxisMin(0.0).setXAxisTickMarkSpacingHint(90);
        chart.getStyler().setPlotGridLinesColor(new Color(0xE4, 0xE4, 0xE4));
        chart.getStyler()
                .setLegendPosition(LegendPosition.InsideNE)
                .setChartBackgroundColor(Color.WHITE)
                .setPlotBorderVisible(false);
        line(chart, "training, each step", steps, losses, FAINT, 1f);
        line(chart, "training, running mean", steps, means, TRAINING, 2.2f);
        if (!validationSteps.isEmpty()) {
            XYSeries series = line(chart, "validation", validationSteps, validationLosses, VALIDATION, 2.2f);
            series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(VALIDATION);
        }
        Picture.write(BitmapEncoder.getBufferedImage(chart), file);
    }

    private static XYSeries line(XYChart chart, String name, List<Double> x, List<Double> y, Color color, float width) {
        XYSeries series = chart.addSeries(name, x, y);
        series.setLineColor(color);
        series.setLineStyle(new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        series.setMarker(SeriesMarkers.NONE);
        return series;
    }
}
