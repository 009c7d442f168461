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
        String line = String.format(
                Locale.ROOT,
                "{\"step\":%d,\"loss\":%.6f,\"gradient_norm\":%.6f,\"learning_rate\":%.4e,\"tokens\":%d,\"seconds\":%.3f,"
                        + "\"tokens_per_second\":%.1f",
                report.step(),
                report.loss(),
                report.gradientNorm(),
                report.learningRate(),
                report.tokens(),
                report.elapsed().toNanos() / 1e9,
                tokensPerSecond);
        if (!Double.isNaN(validationLoss)) {
            line += String.format(Locale.ROOT, ",\"validation_loss\":%.6f", validationLoss);
        }
        add(line + "}\n");
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
