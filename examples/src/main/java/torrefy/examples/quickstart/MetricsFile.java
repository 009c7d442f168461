package torrefy.examples.quickstart;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import torrefy.model.training.StepReport;

/// `metrics.jsonl`: one JSON object per training step, readable while the run goes on.
///
/// What was measured is kept in memory, too, because it belongs to the run: a checkpoint takes it along, and a disk
/// that has no room for it now gets it later.
final class MetricsFile implements AutoCloseable {

    private final FileChannel file;
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private final ByteArrayOutputStream unwritten = new ByteArrayOutputStream();
    private boolean isFailing;

    /// Begins the file, or begins it anew.
    ///
    /// @param earlier the text of the steps that the run has behind it
    MetricsFile(Path file, byte[] earlier) throws IOException {
        this.file = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        add(new String(earlier, StandardCharsets.UTF_8));
    }

    /// Appends one step.
    ///
    /// @param validationLoss on held-out text after the step; NaN if it was not measured
    void write(StepReport report, double tokensPerSecond, double validationLoss) {
        StringBuilder line = new StringBuilder();
        line.append("{\"step\":").append(report.step());
        line.append(",\"loss\":").append(number("%.6f", report.loss()));
        line.append(",\"gradient_norm\":").append(number("%.6f", report.gradientNorm()));
        line.append(",\"learning_rate\":").append(number("%.4e", report.learningRate()));
        line.append(",\"tokens\":").append(report.tokens());
        line.append(",\"seconds\":").append(number("%.3f", report.elapsed().toNanos() / 1e9));
        line.append(",\"tokens_per_second\":").append(number("%.1f", tokensPerSecond));
        if (!Double.isNaN(validationLoss)) {
            line.append(",\"validation_loss\":").append(number("%.6f", validationLoss));
        }
        report.skipped()
                .ifPresent(skipped ->
                        line.append(",\"skipped\":\"").append(skipped.reason()).append('"'));
        add(line + "}\n");
    }

    /// JSON has no word for what is not finite.
    private static String number(String format, double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : "null";
    }

    /// Appends whole lines, and what could not be written before.
    void add(String lines) {
        byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
        text.writeBytes(bytes);
        unwritten.writeBytes(bytes);
        ByteBuffer rest = ByteBuffer.wrap(unwritten.toByteArray());
        try {
            while (rest.hasRemaining()) {
                file.write(rest);
            }
            isFailing = false;
        } catch (IOException e) {
            if (!isFailing) {
                System.out.println("metrics.jsonl cannot be written (" + e.getMessage() + "); training goes on");
            }
            isFailing = true;
        }
        unwritten.reset();
        unwritten.write(rest.array(), rest.position(), rest.remaining());
    }

    /// All of it so far.
    byte[] bytes() {
        return text.toByteArray();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
