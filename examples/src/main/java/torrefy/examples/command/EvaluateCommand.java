package torrefy.examples.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import torrefy.core.backend.Backend;
import torrefy.core.data.TokenShard;
import torrefy.core.memory.Arena;
import torrefy.examples.quickstart.Quickstart;
import torrefy.examples.quickstart.RawText;
import torrefy.examples.quickstart.RunFolder;
import torrefy.model.architecture.Transformer;
import torrefy.model.evaluation.ChoiceEvaluator;
import torrefy.model.evaluation.ChoiceFile;
import torrefy.model.evaluation.ChoiceReport;
import torrefy.model.evaluation.ChoiceText;
import torrefy.model.evaluation.Evaluation;
import torrefy.model.evaluation.Evaluator;
import torrefy.model.evaluation.Proportion;
import torrefy.model.training.TokenSource;
import torrefy.tokenizer.Tokenizer;
import torrefy.tokenizer.corpus.CleaningConfig;
import torrefy.tokenizer.corpus.Corpus;
import torrefy.tokenizer.corpus.CorpusTokenizer;
import torrefy.tokenizer.corpus.GzipSize;

/// Measures a trained model on any text, or on multiple-choice questions.
@Command(
        name = "evaluate",
        description =
                "Measures how well the model of a run predicts a text, beside gzip -9, or how often it chooses the"
                        + " right ending.",
        mixinStandardHelpOptions = true)
public final class EvaluateCommand implements Callable<Integer> {

    private static final int SEQUENCES = 8;

    @Option(names = "--run", paramLabel = "DIR", required = true, description = "The folder of a run.")
    private Path run;

    @Option(
            names = "--corpus",
            paramLabel = "PATH",
            description = "A file, a folder, a .zip, or a .jsonl with a \"text\" field.")
    private Path path;

    @Option(
            names = "--stride",
            paramLabel = "N",
            description =
                    "By how many tokens the window moves on, which is the model's context: small ones predict from"
                            + " more and take longer (default: the context).")
    private Integer stride;

    @Option(
            names = "--within-documents",
            description = "Predict each document from itself alone, as a model that was trained so expects.")
    private boolean withinDocuments;

    @Option(
            names = "--choices",
            paramLabel = "FILE",
            description = "Questions in HellaSwag's form: a .jsonl with \"ctx\", \"endings\" and \"label\".")
    private Path choices;

    @Mixin
    private Computing computing;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws Exception {
        if (path == null && choices == null) {
            throw new ParameterException(command.commandLine(), "Missing --corpus=PATH or --choices=FILE");
        }
        if (stride != null && stride < 1) {
            throw new IllegalArgumentException("--stride must be at least 1, got " + stride);
        }
        RunFolder folder = RunFolder.open(run);
        Tokenizer tokenizer = folder.loadTokenizer();
        List<ChoiceText> questions = choices == null ? List.of() : ChoiceFile.read(choices);
        try (Backend backend = computing.open()) {
            Transformer model = folder.loadModel(backend, tokenizer);
            if (path != null) {
                evaluateCorpus(model, tokenizer);
            }
            if (choices != null) {
                evaluateChoices(model, tokenizer, questions);
            }
        }
        return 0;
    }

    private void evaluateCorpus(Transformer model, Tokenizer tokenizer) throws IOException {
        int context = model.config().context();
        Evaluator evaluator = new Evaluator(
                model,
                SEQUENCES,
                context,
                stride == null ? context : stride,
                new Arena(model.backend()::allocate),
                Quickstart.documentStart(withinDocuments, tokenizer));
        Corpus corpus =
                Corpus.collect(RawText.at(path), CleaningConfig.standard().withValidationFraction(0));
        System.out.print(corpus.report());
        Path file = Files.createTempFile("torrefy-evaluate", ".bin");
        // After Ctrl-C, too.
        file.toFile().deleteOnExit();
        try {
            CorpusTokenizer.Shard shard =
                    new CorpusTokenizer(tokenizer, model.backend().threads()).write(corpus.training(), file);
            try (TokenShard tokens = TokenShard.open(file)) {
                Evaluation evaluation = evaluator.evaluate(TokenSource.of(tokens), shard.bytes());
                if (Double.isNaN(evaluation.loss())) {
                    throw new IllegalArgumentException(
                            "the loss is NaN: the model's weights are damaged, or its training diverged");
                }
                System.out.printf(
                        Locale.ROOT,
                        "%,d tokens for %,d bytes: loss %.4f nats a token, perplexity %.2f, %.4f bits a byte; gzip -9 needs"
                                + " %.4f%n",
                        evaluation.tokens(),
                        evaluation.bytes(),
                        evaluation.loss(),
                        evaluation.perplexity(),
                        evaluation.bitsPerByte(),
                        GzipSize.bitsPerByte(corpus.training()));
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static void evaluateChoices(Transformer model, Tokenizer tokenizer, List<ChoiceText> questions) {
        ChoiceReport report = new ChoiceEvaluator(model)
                .evaluate(() -> questions.stream()
                        .map(question -> question.encoded(tokenizer::encode, tokenizer.startOfText()))
                        .iterator());
        System.out.printf(
                Locale.ROOT,
                "%,d questions: the right ending is the likeliest in %s, the likeliest by byte in %s%n",
                questions.size(),
                percent(report.bySum()),
                percent(report.byByte()));
    }

    private static String percent(Proportion proportion) {
        return String.format(
                Locale.ROOT,
                "%.1f %% (95 %%: %.1f to %.1f)",
                100 * proportion.share(),
                100 * proportion.low(),
                100 * proportion.high());
    }
}
