package torrefy.tokenizer.corpus.build;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.IntStream;
import torrefy.core.parallel.ParallelLoop;
import torrefy.tokenizer.Tokenizer;
import torrefy.tokenizer.TokenizerJson;
import torrefy.tokenizer.corpus.filter.FilterChain;
import torrefy.tokenizer.corpus.pack.Packing;
import torrefy.tokenizer.corpus.pack.ShardSeries;
import torrefy.tokenizer.corpus.pack.TokenizedDocument;

/// Encodes all documents and packs them. Makes what a training run needs and nothing else: `train-00000.bin` …,
/// `validation-00000.bin` …, their traces, and `tokenizer.json`.
final class TokensStage implements Stage {

    static final String NAME = "tokens";

    /// What the names of the shards to train on begin with, and of those held out.
    static final String TRAINING = "train";

    static final String VALIDATION = "validation";

    private final BuildSettings settings;
    private final FilterChain filters;

    TokensStage(BuildSettings settings, FilterChain filters) {
        this.settings = settings;
        this.filters = filters;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String settings() {
        return settings.mix().sequence() + " " + settings.mix().shardTokens();
    }

    @Override
    public void make(StageRun run) throws IOException {
        Files.copy(run.of(TokenizerStage.NAME, "tokenizer.json"), run.file("tokenizer.json"));
        Tokenizer tokenizer = TokenizerJson.read(run.file("tokenizer.json"));
        try (ParallelLoop loop = new ParallelLoop(run.threads());
                FinalTexts texts = new FinalTexts(run);
                Part validation = new Part(VALIDATION, run, tokenizer);
                Part training = new Part(TRAINING, run, tokenizer);
                WriteBehind writer = new WriteBehind()) {
            List<FinalTexts.FinalText> batch = texts.next();
            while (!batch.isEmpty()) {
                TokenizedDocument[] encoded = new TokenizedDocument[batch.size()];
                List<FinalTexts.FinalText> current = batch;
                loop.run(
                        encoded.length,
                        (i, worker) -> encoded[i] = encode(current.get(i).document(), tokenizer));
                writer.add(() -> {
                    for (int i = 0; i < encoded.length; i++) {
                        boolean isTraining = current.get(i).place().isTraining();
                        StoredDocument document = current.get(i).document();
                        (isTraining ? training : validation).add(encoded[i], document);
                        String input = settings.inputs().get(document.origin()).name();
                        run.ledger().add("origin/" + input + "/tokens", encoded[i].tokens().length, 0);
                        run.ledger().add("length/tokens/" + Histogram.bucket(encoded[i].tokens().length), 1, 0);
                    }
                });
                batch = texts.next();
            }
            writer.finish();
            validation.finish();
            training.finish();
        }
    }

    private TokenizedDocument encode(StoredDocument document, Tokenizer tokenizer) {
        int[] tokens = tokenizer.encode(document.text());
        int[] offsets = tokenizer.offsets(tokens);
        if (tokenizer.hasBeginning() && tokens.length > 0) {
            // The marks of the beginning take no bytes.
            int[] marks = tokenizer.startOfText();
            tokens = IntStream.concat(IntStream.of(marks), IntStream.of(tokens)).toArray();
            offsets = IntStream.concat(IntStream.of(new int[marks.length]), IntStream.of(offsets))
                    .toArray();
        }
        return new TokenizedDocument(
                document.key(),
                document.source(),
                document.from(),
                document.to(),
                document.changes(),
                String.join(", ", filters.names(document.form())),
                tokens,
                offsets);
    }

    /// What is trained on, or what is held out.
    private final class Part implements AutoCloseable {
        private final String name;
        private final Ledger ledger;
        private final ShardSeries shards;
        private final Packing packing;

        Part(String name, StageRun run, Tokenizer tokenizer) throws IOException {
            this.name = name;
            this.ledger = run.ledger();
            BuildSettings.Mix mix = settings.mix();
            shards = new ShardSeries(run.folder(), name, tokenizer.vocabularySize(), mix.shardTokens());
            packing = mix.sequence() == 0
                    ? Packing.plainStream(shards, tokenizer.endOfText())
                    : Packing.bestFit(shards, mix.sequence(), tokenizer.endOfText());
        }

        void add(TokenizedDocument tokens, StoredDocument document) throws IOException {
            if (tokens.tokens().length == 0) {
                // Cutting its repeated lines has left nothing.
                ledger.add("nothing left", 1, 0);
                return;
            }
            ledger.add(name + "/documents", 1, document.text().length);
            packing.add(tokens);
        }

        void finish() throws IOException {
            packing.finish();
            shards.finish();
            ledger.add(name + "/tokens", shards.tokens(), 0);
            ledger.add(name + "/padding", packing.padding(), 0);
            ledger.add(name + "/shards", shards.shards(), 0);
        }

        @Override
        public void close() throws IOException {
            shards.close();
        }
    }
}
