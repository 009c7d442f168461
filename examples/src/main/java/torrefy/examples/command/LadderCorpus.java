package torrefy.examples.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import torrefy.core.backend.Backend;
import torrefy.core.data.TokenShard;
import torrefy.examples.quickstart.RawText;
import torrefy.model.plan.FittedLaw;
import torrefy.model.plan.FittedLaw.Point;
import torrefy.model.plan.Ladder;
import torrefy.model.plan.ModelSizes;
import torrefy.model.plan.ScalingLaw;
import torrefy.model.training.TokenSource;
import torrefy.tokenizer.BpeConfig;
import torrefy.tokenizer.BpeTrainer;
import torrefy.tokenizer.Tokenizer;
import torrefy.tokenizer.corpus.CleaningConfig;
import torrefy.tokenizer.corpus.Corpus;
import torrefy.tokenizer.corpus.CorpusTokenizer;

/// The user's text, cut into tokens, and the small models trained on it.
final class LadderCorpus {

    /// More than six small models see in some minutes.
    private static final long LIMIT = 64L << 20;

    private LadderCorpus() {}

    /// Trains the ladder and fits the law; tells on stdout what each run came to.
    static FittedLaw fit(Path text, int vocabulary, int context, Backend backend, Duration time) throws IOException {
        Corpus corpus =
                Corpus.collect(RawText.at(text), CleaningConfig.standard().withByteLimit(LIMIT));
        if (corpus.validation().isEmpty()) {
            throw new IOException(text + ": a ladder needs at least two documents, one of them to be held out");
        }
        BpeTrainer trainer = new BpeTrainer(BpeConfig.of(vocabulary));
        corpus.training().forEach(document -> trainer.add(document.bytes()));
        Tokenizer tokenizer = trainer.train();
        CorpusTokenizer encoder = new CorpusTokenizer(tokenizer, backend.threads());
        Path folder = Files.createTempDirectory("torrefy-ladder");
        Path train = folder.resolve("train.bin");
        Path held = folder.resolve("held.bin");
        try {
            encoder.write(corpus.training(), train);
            encoder.write(corpus.validation(), held);
            try (TokenShard training = TokenShard.open(train);
                    TokenShard validation = TokenShard.open(held)) {
                System.out.printf(
                        Locale.ROOT,
                        "ladder      %,d tokens of %s in a vocabulary of %d%n",
                        training.length(),
                        text,
                        tokenizer.vocabularySize());
                ModelSizes sizes = new ModelSizes(tokenizer.vocabularySize(), context);
                Ladder ladder = new Ladder(backend, TokenSource.of(training), TokenSource.of(validation), sizes);
                List<Point> points = ladder.climb(
                        time,
                        point -> System.out.printf(
                                Locale.ROOT,
                                "              %,11.0f parameters, %,12.0f tokens, %4.2f times the text: loss %.3f%n",
                                point.parameters(),
                                point.tokens(),
                                point.tokens() / training.length(),
                                point.loss()));
                return FittedLaw.of(points, ScalingLaw.BESIROGLU);
            }
        } finally {
            Files.deleteIfExists(train);
            Files.deleteIfExists(held);
            Files.deleteIfExists(folder);
        }
    }
}
