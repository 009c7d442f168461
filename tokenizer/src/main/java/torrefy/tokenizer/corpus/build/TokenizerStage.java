package torrefy.tokenizer.corpus.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import torrefy.core.parallel.ParallelLoop;
import torrefy.tokenizer.BpeConfig;
import torrefy.tokenizer.BpeTrainer;
import torrefy.tokenizer.Tokenizer;
import torrefy.tokenizer.TokenizerFile;
import torrefy.tokenizer.TokenizerJson;

/// Trains a tokenizer on the first of the training documents, which are a fair sample, or takes the one that is given.
/// Makes `tokenizer.json`.
final class TokenizerStage implements Stage {

    static final String NAME = "6-tokenizer";

    private final BuildSettings.Tokens settings;

    TokenizerStage(BuildSettings.Tokens settings) {
        this.settings = settings;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String settings() {
        try {
            return settings.file() == null
                    ? settings.vocabulary() + " " + settings.trainingBytes()
                    : TokenizerFile.read(settings.file()).fingerprint();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void make(StageRun run) throws IOException {
        Tokenizer tokenizer = settings.file() == null ? train(run) : TokenizerFile.read(settings.file());
        tokenizer.endOfText();
        TokenizerJson.write(tokenizer, run.file("tokenizer.json"));
        run.ledger().add("vocabulary", tokenizer.vocabularySize(), 0);
    }

    private Tokenizer train(StageRun run) throws IOException {
        try (BpeTrainer trainer = new BpeTrainer(BpeConfig.of(settings.vocabulary()));
                ParallelLoop loop = new ParallelLoop(run.threads());
                FinalTexts texts = new FinalTexts(run)) {
            List<FinalTexts.FinalText> batch = texts.next();
            while (!batch.isEmpty() && trainer.bytes() < settings.trainingBytes()) {
                trainer.add(
                        batch.stream()
                                .filter(text -> text.place().isTraining())
                                .map(text -> text.document().text())
                                .toList(),
                        loop);
                batch = texts.next();
            }
            run.ledger().add("learned from", 0, trainer.bytes());
            return trainer.train();
        }
    }
}
