package torrefy.examples.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import torrefy.core.backend.Backend;
import torrefy.core.data.TokenShard;
import torrefy.examples.quickstart.RunFolder;
import torrefy.model.architecture.Transformer;
import torrefy.model.evaluation.Evaluation;
import torrefy.model.evaluation.Evaluator;
import torrefy.model.training.TokenSource;
import torrefy.tokenizer.Tokenizer;
import torrefy.tokenizer.corpus.CleaningConfig;
import torrefy.tokenizer.corpus.Corpus;
import torrefy.tokenizer.corpus.CorpusTokenizer;
import torrefy.tokenizer.corpus.GzipSize;
import torrefy.tokenizer.corpus.read.DocumentSource;

/// Measures a trained model on any text.
@Command(
        name = "evaluate",
        description = "Measures how well the model of a run predicts a text, beside gzip -9.",
        mixinStandardHelpOptions = true)
public final class EvaluateCommand implements Callable<Integer> {

    private static final int SEQUENCES = 8;

    @Option(names = "--run", paramLabel = "DIR", required = true, description = "The folder of a run.")
    private Path run;

    @Option(
            names = "--corpus",
            paramLabel = "PATH",
            required = true,
            description = "A file, a folder, a .zip, or a .jsonl with a \"text\" field.")
    private Path path;

    @Mixin
    private Computing computing;

    @Override
    public Integer call() throws Exception {
        RunFolder folder = RunFolder.open(run);
        Tokenizer tokenizer = folder.loadTokenizer();
        Corpus corpus = Corpus.collect(
                DocumentSource.of(path), CleaningConfig.standard().withValidationFraction(0));
        System.out.print(corpus.report());
        Path file = Files.createTempFile("torrefy-evaluate", ".bin");
        try (Backend backend = computing.open()) {
            Transformer model = folder.loadModel(backend, tokenizer);
            CorpusTokenizer.Shard shard =
                    new CorpusTokenizer(tokenizer, backend.threads()).write(corpus.training(), file);
            try (TokenShard tokens = TokenShard.open(file)) {
                Evaluation evaluation = new Evaluator(
                                model, SEQUENCES, model.config().context())
                        .evaluate(TokenSource.of(tokens), shard.bytes());
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
        return 0;
    }
}
