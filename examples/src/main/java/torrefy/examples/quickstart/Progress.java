package torrefy.examples.quickstart;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import torrefy.core.data.TokenShard;
import torrefy.model.architecture.Transformer;
import torrefy.model.evaluation.Evaluator;
import torrefy.model.training.SkippedStep;
import torrefy.model.training.StepReport;
import torrefy.model.training.TokenSource;
import torrefy.model.training.TrainingListener;
import torrefy.model.training.TrainingState;
import torrefy.tokenizer.Tokenizer;

/// What the user sees of the training: a line every few seconds, now and then the loss on held-out text and a sample.
/// Also writes the metrics, and has the run saved when it is time: the weights whenever it validates, so that a killed
/// run leaves a model behind, and checkpoints.
final class Progress implements TrainingListener {

    /// Of the table: printed when training begins, and from when on Ctrl-C is answered.
    static final String HEADING = "   step    loss   val.loss   tokens/s   of peak   time left";

    private static final long BETWEEN_LINES = Duration.ofSeconds(5).toNanos();
    private static final long BETWEEN_VALIDATIONS = Duration.ofSeconds(25).toNanos();
    private static final int SAMPLES = 3;
    private static final int SAMPLE_TOKENS = 40;
    private static final int DOCUMENTS_SHOWN = 3;

    private final Transformer model;
    private final Evaluator evaluator;
    private final TokenSource training;
    private final TokenSource validation;
    private final long validationTokens;
    private final Writing writing;
    private final String prompt;
    private final RunFolder folder;
    private final Tokenizer tokenizer;
    private final double peak;
    private final int tokensPerStep;
    private final MetricsFile metrics;
    private final LossCurve curve;
    private final Saving saving;

    private long lastLine;
    private long lastValidation = System.nanoTime();
    private int samples;
    private double validationLoss = Double.NaN;
    private long tokensAtLine;
    private Duration elapsedAtLine;

    /// @param from where the run goes on
    /// @param validationTokens how many held-out tokens to look at while training
    /// @param peak the machine's measured FMA peak in FLOP/s
    Progress(
            Transformer model,
            Evaluator evaluator,
            TokenShard training,
            TokenShard validation,
            long validationTokens,
            Writing writing,
            String prompt,
            RunFolder folder,
            Tokenizer tokenizer,
            double peak,
            int tokensPerStep,
            TrainingState from,
            MetricsFile metrics,
            LossCurve curve,
            Saving saving) {
        this.model = model;
        this.evaluator = evaluator;
        this.training = TokenSource.of(training);
        this.validation = TokenSource.of(validation);
        this.validationTokens = validationTokens;
        this.writing = writing;
        this.prompt = prompt;
        this.folder = folder;
        this.tokenizer = tokenizer;
        this.peak = peak;
        this.tokensPerStep = tokensPerStep;
        this.tokensAtLine = from.tokens();
        this.elapsedAtLine = from.elapsed();
        this.metrics = metrics;
        this.curve = curve;
        this.saving = saving;
        System.out.println(HEADING);
    }

    @Override
    public void onStep(StepReport report) {
        boolean last = report.remaining().isZero();
        boolean longSince = last || System.nanoTime() - lastValidation > BETWEEN_VALIDATIONS;
        boolean due = saving.isDue(report.step());
        double measured = Double.NaN;
        if (longSince || due) {
            measured = validate();
            curve.validation(report.step(), measured);
        }
        report.skipped()
                .ifPresentOrElse(
                        skipped -> tell(report.step(), skipped), () -> curve.training(report.step(), report.loss()));
        metrics.write(report, report.tokensPerSecond(tokensPerStep), measured);
        if (last || due || longSince && saving.followsValidation()) {
            saving.save(measured);
        }
        if (longSince) {
            saveModel();
        }
        if (last || System.nanoTime() - lastLine > BETWEEN_LINES) {
            printLine(report);
        }
        sampleWhenDue(report);
    }

    /// A step that was left out, and what it had read.
    private void tell(int step, SkippedStep skipped) {
        List<ReadDocument> documents = ReadDocument.of(skipped, training, tokenizer);
        System.out.println(
                "step " + step + " is left out: " + skipped.reason() + "; it read " + documents.size() + " documents:");
        documents.stream().limit(DOCUMENTS_SHOWN).forEach(document -> System.out.println("    " + document));
    }

    private double validate() {
        validationLoss = evaluator.evaluate(validation, 1, validationTokens).loss();
        lastValidation = System.nanoTime();
        return validationLoss;
    }

    /// A disk without room for it now may have some at the end.
    private void saveModel() {
        try {
            folder.saveModel(model, tokenizer);
        } catch (IOException e) {
            System.out.println("the model cannot be written (" + e.getMessage() + "); training goes on");
        }
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
}
