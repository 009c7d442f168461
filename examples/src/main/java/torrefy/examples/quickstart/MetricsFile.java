package torrefy.examples.quickstart;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import torrefy.model.training.StepReport;

/// `metrics.jsonl`: one JSON object per training step, readable while the run goes on.
final class MetricsFile implements AutoCloseable {

    private final BufferedWriter out;

    MetricsFile(Path file) throws IOException {
        out = Files.newBufferedWriter(file);
    }

    /// Appends one step.
    ///
    /// @param validationLoss on held-out text after the step; NaN if it was not measured
    void write(StepReport report, double tokensPerSecond, double validationLoss) throws IOException {
        out.write(String.format(
                Locale.ROOT,
                "{\"step\":%d,\"loss\":%.6f,\"gradient_norm\":%.6f,\"learning_rate\":%.4e,\"tokens\":%d,\"seconds\":%.3f,"
                        + "\"tokens_per_second\":%.1f",
                report.step(),
                report.loss(),
                report.gradientNorm(),
                report.learningRate(),
                report.tokens(),
                report.elapsed().toNanos() / 1e9,
                tokensPerSecond));
        if (!Double.isNaN(validationLoss)) {
            out.write(String.format(Locale.ROOT, ",\"validation_loss\":%.6f", validationLoss));
        }
        out.write("}\n");
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
