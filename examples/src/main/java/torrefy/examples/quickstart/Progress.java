package torrefy.examples.quickstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import torrefy.core.data.TokenShard;
import torrefy.model.architecture.Transformer;
import torrefy.model.checkpoint.HuggingFaceFolder;
import torrefy.model.evaluation.Evaluator;
import torrefy.model.training.StepReport;
import torrefy.model.training.TokenSource;
import torrefy.model.training.TrainingListener;

/// What the user sees of the training: a line every few seconds, now and then the loss on held-out text and a sample.
/// Also writes the metrics, and saves the weights whenever it validates, so that a killed run leaves a model behind.
final class Progress implements TrainingListener, AutoCloseable {

    private static final long BETWEEN_LINES = Duration.ofSeconds(5).toNanos();
    private static final long BETWEEN_VALIDATIONS = Duration.ofSeconds(25).toNanos();
    private static final int SAMPLES = 3;
    private static final int SAMPLE_TOKENS = 40;

    private final Transformer model;
    private final Evaluator evaluator;
    private final TokenSource validation;
    private final long validationTokens;
    private final Writing writing;
    private final String prompt;
    private final RunFolder folder;
    private final int endOfText;
    private final double peak;
    private final int tokensPerStep;
    private final MetricsFile metrics;
    private final LossCurve curve;

    private long lastLine;
    private long lastValidation = System.nanoTime();
    private int samples;
    private double validationLoss = Double.NaN;
    private long tokensAtLine;
    private Duration elapsedAtLine = Duration.ZERO;

    /// @param validationTokens how many held-out tokens to look at while training
    /// @param peak the machine's measured FMA peak in FLOP/s
    Progress(
            Transformer model,
            Evaluator evaluator,
            TokenShard validation,
            long validationTokens,
            Writing writing,
            String prompt,
            RunFolder folder,
            int endOfText,
            double peak,
            int tokensPerStep,
            LossCurve curve)
            throws IOException {
        this.model = model;
        this.evaluator = evaluator;
        this.validation = TokenSource.of(validation);
        this.validationTokens = validationTokens;
        this.writing = writing;
        this.prompt = prompt;
        this.folder = folder;
        this.endOfText = endOfText;
        this.peak = peak;
        this.tokensPerStep = tokensPerStep;
        this.metrics = new MetricsFile(folder.metrics());
        this.curve = curve;
        System.out.println("   step    loss   val.loss   tokens/s   of peak   time left");
    }

    @Override
    public void onStep(StepReport report) {
        try {
            long now = System.nanoTime();
            boolean last = report.remaining().isZero();
            double measured = Double.NaN;
            if (last || now - lastValidation > BETWEEN_VALIDATIONS) {
                measured = validate();
                curve.validation(report.step(), measured);
            }
            curve.training(report.step(), report.loss());
            metrics.write(report, report.tokensPerSecond(tokensPerStep), measured);
            if (last || now - lastLine > BETWEEN_LINES) {
                printLine(report);
            }
            sampleWhenDue(report);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private double validate() throws IOException {
        validationLoss = evaluator.evaluate(validation, 1, validationTokens).loss();
        HuggingFaceFolder.save(model, endOfText, folder.path());
        lastValidation = System.nanoTime();
        return validationLoss;
    }

    private void printLine(StepReport report) {
        double seconds = report.elapsed().minus(elapsedAtLine).toNanos() / 1e9;
        double rate = (report.tokens() - tokensAtLine) / seconds;
        System.out.printf(
                Locale.ROOT,
                "%7d  %6.3f  %s  %9.0f  %6.0f %%  %7d:%02d%n",
                report.step(),
                report.loss(),
                Double.isNaN(validationLoss) ? "        -" : String.format(Locale.ROOT, "%9.3f", validationLoss),
                rate,
                100 * rate * model.config().flopsPerToken() / peak,
                report.remaining().toMinutes(),
                report.remaining().toSecondsPart());
        lastLine = System.nanoTime();
        tokensAtLine = report.tokens();
        elapsedAtLine = report.elapsed();
    }

    private void sampleWhenDue(StepReport report) {
        double left = report.remaining().toNanos();
        double done = report.elapsed().toNanos();
        if (done / (done + left) > (samples + 1.0) / (SAMPLES + 1)) {
            samples++;
            System.out.println("          it writes: " + oneLine(writing.sample(prompt, SAMPLE_TOKENS)));
        }
    }

    static String oneLine(String text) {
        return text.replaceAll("\\s*\\n\\s*", " ⏎ ").strip();
    }

    @Override
    public void close() throws IOException {
        metrics.close();
    }
}
