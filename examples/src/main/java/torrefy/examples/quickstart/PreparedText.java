package torrefy.examples.quickstart;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import torrefy.tokenizer.BpeConfig;
import torrefy.tokenizer.BpeTrainer;
import torrefy.tokenizer.Tokenizer;
import torrefy.tokenizer.TokenizerJson;
import torrefy.tokenizer.corpus.CleaningConfig;
import torrefy.tokenizer.corpus.Corpus;
import torrefy.tokenizer.corpus.CorpusTokenizer;
import torrefy.tokenizer.corpus.GzipSize;
import torrefy.tokenizer.corpus.read.Document;
import torrefy.tokenizer.corpus.read.DocumentSource;
import torrefy.tokenizer.corpus.read.JdkSources;

/// Raw text made ready to train on: collected, cleaned, divided, tokenized, and written as shards.
///
/// @param tokenizer trained on the training documents, or the model's own
/// @param validationBytes of text that the validation shard stands for
/// @param gzipBitsPerByte what `gzip -9` needs for the same text
/// @param prompts the beginnings of lines from held-out documents
record PreparedText(Tokenizer tokenizer, long validationBytes, double gzipBitsPerByte, List<String> prompts) {

    /// The tokenizer learns from so much text; more would change little.
    private static final long TOKENIZER_BYTES = 12L << 20;

    /// So much held-out text is evaluated on.
    private static final long VALIDATION_BYTES = 400_000;

    private static final int PROMPTS = 3;
    private static final int PROMPT_CHARACTERS = 24;

    /// Does it all, telling on stdout how far it is; or, for a run that goes on, takes what is there.
    static PreparedText prepare(QuickstartOptions options, RunFolder folder, int threads) throws IOException {
        PreparedFiles files = new PreparedFiles(folder, options);
        Optional<PreparedText> before = options.resume() ? files.read() : Optional.empty();
        if (before.isPresent()) {
            return before.get();
        }
        PreparedText text = prepareAnew(options, folder, threads);
        files.write(text);
        return text;
    }

    private static PreparedText prepareAnew(QuickstartOptions options, RunFolder folder, int threads)
            throws IOException {
        Optional<BuiltCorpus> built = BuiltCorpus.in(options.corpus());
        return built.isPresent() ? take(built.get(), options, folder, threads) : prepareRaw(options, folder, threads);
    }

    /// What `corpus build` prepared.
    private static PreparedText take(BuiltCorpus built, QuickstartOptions options, RunFolder folder, int threads)
            throws IOException {
        Optional<Tokenizer> own = options.model().tokenizer();
        if (own.isPresent()) {
            built.requireSameTokens(own.get());
        }
        List<Document> validation = built.heldOut(VALIDATION_BYTES);
        TokenizerJson.write(built.tokenizer(), folder.tokenizer());
        long tokens = built.writeTraining(folder.trainShard());
        CorpusTokenizer.Shard held =
                new CorpusTokenizer(built.tokenizer(), threads).write(validation, folder.validationShard());
        System.out.printf(
                Locale.ROOT,
                "%s was built by 'corpus build', with a vocabulary of %,d: %,d tokens to train on, %,d held out to"
                        + " evaluate on (%d documents)%n",
                built.corpus().folder(),
                built.tokenizer().vocabularySize(),
                tokens,
                held.tokens(),
                validation.size());
        return new PreparedText(built.tokenizer(), held.bytes(), GzipSize.bitsPerByte(validation), prompts(validation));
    }

    private static PreparedText prepareRaw(QuickstartOptions options, RunFolder folder, int threads)
            throws IOException {
        DocumentSource source = options.corpus() == null ? JdkSources.find("java.base") : RawText.at(options.corpus());
        long start = System.nanoTime();
        Corpus corpus = Corpus.collect(source, CleaningConfig.standard().withByteLimit(options.textLimit()));
        System.out.print(corpus.report());
        System.out.printf(Locale.ROOT, "collected and cleaned in %.1f s%n", seconds(start));
        if (corpus.validation().isEmpty()) {
            throw new IOException(
                    corpus.name() + ": this corpus is too small: it holds a single document, and nothing to"
                            + " validate on; give more text");
        }

        Tokenizer tokenizer = options.model()
                .tokenizer()
                .orElseGet(
                        () -> trainTokenizer(corpus.training(), options.model().vocabulary()));
        TokenizerJson.write(tokenizer, folder.tokenizer());

        start = System.nanoTime();
        List<Document> validation = upTo(VALIDATION_BYTES, corpus.validation());
        CorpusTokenizer encoder = new CorpusTokenizer(tokenizer, threads);
        CorpusTokenizer.Shard train = encoder.write(corpus.training(), folder.trainShard());
        CorpusTokenizer.Shard held = encoder.write(validation, folder.validationShard());
        System.out.printf(
                Locale.ROOT,
                "%,d tokens to train on, %,d held out to evaluate on (%d documents), %.2f bytes a token, in %.1f s%n",
                train.tokens(),
                held.tokens(),
                validation.size(),
                train.bytesPerToken(),
                seconds(start));
        return new PreparedText(tokenizer, held.bytes(), GzipSize.bitsPerByte(validation), prompts(validation));
    }

    private static Tokenizer trainTokenizer(List<Document> documents, int vocabulary) {
        long start = System.nanoTime();
        BpeTrainer trainer = new BpeTrainer(BpeConfig.of(vocabulary));
        upTo(TOKENIZER_BYTES, documents).forEach(document -> trainer.add(document.bytes()));
        Tokenizer tokenizer = trainer.train();
        System.out.printf(Locale.ROOT, "tokenizer of %d tokens in %.1f s", tokenizer.vocabularySize(), seconds(start));
        if (tokenizer.vocabularySize() < vocabulary) {
            System.out.printf(" (the text has no more than that; %d were asked for)", vocabulary);
        }
        System.out.println();
        return tokenizer;
    }

    /// The first documents that hold at least so many bytes together.
    private static List<Document> upTo(long bytes, List<Document> documents) {
        List<Document> first = new ArrayList<>();
        long total = 0;
        for (Document document : documents) {
            if (total >= bytes) {
                break;
            }
            first.add(document);
            total += document.bytes().length;
        }
        return first;
    }

    /// The beginnings of a few lines, far apart, of one document or of several.
    private static List<String> prompts(List<Document> documents) {
        List<String> prompts = new ArrayList<>();
        for (int i = 0; i < PROMPTS; i++) {
            Document document = documents.get(i * documents.size() / PROMPTS);
            String text = new String(document.bytes(), StandardCharsets.UTF_8);
            String line = text.substring(text.length() / (PROMPTS + 1) * (i + 1))
                    .lines()
                    .skip(1)
                    .map(String::strip)
                    .filter(candidate -> candidate.length() > PROMPT_CHARACTERS)
                    .findFirst()
                    .orElse("The");
            int end = line.lastIndexOf(' ', PROMPT_CHARACTERS);
            prompts.add(line.substring(0, end > 0 ? end : Math.min(PROMPT_CHARACTERS, line.length())));
        }
        return prompts;
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
