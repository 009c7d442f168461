package torrefy.examples.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import torrefy.core.parallel.ParallelLoop;
import torrefy.examples.quickstart.RawText;
import torrefy.tokenizer.BpeConfig;
import torrefy.tokenizer.BpeTrainer;
import torrefy.tokenizer.SpecialTokens;
import torrefy.tokenizer.Tokenizer;
import torrefy.tokenizer.TokenizerJson;

/// Learns a vocabulary.
@Command(
        name = "train",
        description = "Learns a vocabulary from text and writes it as tokenizer.json.",
        mixinStandardHelpOptions = true)
final class TokenizerTrainCommand implements Callable<Integer> {

    private static final int BATCH_BYTES = 1 << 24;

    @Parameters(
            paramLabel = "PATH",
            description = "Text files of any size, folders, .zip or .jsonl with a field \"text\"; none for stdin.")
    private List<Path> paths = List.of();

    @Option(
            names = "--vocabulary",
            paramLabel = "N",
            defaultValue = "32768",
            description = "Tokens to reach, the 256 bytes and the special ones included (default: ${DEFAULT-VALUE}).")
    private int vocabulary;

    @Option(
            names = "--pattern",
            paramLabel = "NAME",
            defaultValue = "gpt4",
            description = "How text is split first: gpt2, gpt4, gpt4o, or a regular expression"
                    + " (default: ${DEFAULT-VALUE}).")
    private String pattern;

    @Option(
            names = "--special",
            paramLabel = "NAME",
            description = "A special token; may be repeated (default: " + SpecialTokens.END_OF_TEXT + ").")
    private List<String> special = List.of(SpecialTokens.END_OF_TEXT);

    @Option(
            names = "--min-frequency",
            paramLabel = "N",
            defaultValue = "2",
            description = "Pairs that stand in the text less often are not joined (default: ${DEFAULT-VALUE}).")
    private int minimumFrequency;

    @Option(
            names = "--max-pieces",
            paramLabel = "N",
            defaultValue = "" + BpeTrainer.DEFAULT_MOST_PIECES,
            description = "The most distinct pieces of text to keep; the rarest others are left out"
                    + " (default: ${DEFAULT-VALUE}).")
    private int mostPieces;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "tokenizer.json",
            description = "Where to write (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(names = "--threads", paramLabel = "N", description = "Threads to count with (default: all processors).")
    private Integer threads;

    @Override
    public Integer call() throws IOException {
        BpeConfig config = new BpeConfig(vocabulary, TokenizerChoice.pattern(pattern), minimumFrequency, special);
        for (Path path : paths) {
            if (!Files.exists(path)) {
                throw new NoSuchFileException(path + ": no such file or folder");
            }
        }
        long start = System.nanoTime();
        try (ParallelLoop loop = new ParallelLoop(TokenizerChoice.threads(threads));
                TrainingBar bar = new TrainingBar();
                LastWord interrupted = new LastWord("interrupted before anything was written to " + out, bar::close);
                BpeTrainer trainer = new BpeTrainer(config, mostPieces).withProgress(bar)) {
            if (paths.isEmpty()) {
                trainer.add(System.in, loop);
            }
            for (Path path : paths) {
                add(path, trainer, loop);
            }
            if (trainer.bytes() == 0) {
                throw new IOException("there is no text to learn from"
                        + (paths.isEmpty() ? " on stdin" : " in " + String.join(", ", names())));
            }
            Tokenizer tokenizer = trainer.train();
            interrupted.undivided(() -> {
                TokenizerJson.write(tokenizer, out);
                interrupted.unsay();
            });
            bar.wipe();
            System.out.printf(
                    Locale.ROOT,
                    "%s: %,d tokens from %.1f MB of text in %.1f s%n",
                    out,
                    tokenizer.vocabularySize(),
                    trainer.bytes() / 1e6,
                    (System.nanoTime() - start) / 1e9);
            if (trainer.droppedPieces() > 0) {
                System.out.printf(
                        Locale.ROOT, "%,d rare pieces were left out: --max-pieces%n", trainer.droppedPieces());
            }
            if (tokenizer.vocabularySize() < vocabulary) {
                System.out.printf(
                        Locale.ROOT,
                        "%,d were asked for; the text has no more pairs that stand in it %d times%n",
                        vocabulary,
                        minimumFrequency);
            }
        }
        return 0;
    }

    private List<String> names() {
        return paths.stream().map(Path::toString).toList();
    }

    private static void add(Path path, BpeTrainer trainer, ParallelLoop loop) throws IOException {
        String name = path.toString();
        boolean isPlain = Files.isRegularFile(path) && !name.endsWith(".zip") && !name.endsWith(".jsonl");
        if (isPlain) {
            try (InputStream text = Files.newInputStream(path)) {
                trainer.add(text, loop);
            } catch (NoSuchFileException e) {
                throw new IOException(path + ": was there at the start and is gone now; run it again without it", e);
            }
            return;
        }
        Batches batches = new Batches(trainer, loop);
        RawText.at(path).read(new EveryDocument(batches::add));
        batches.pass();
    }

    /// Texts that are counted together, so that there is work for all threads.
    private static final class Batches {
        private final BpeTrainer trainer;
        private final ParallelLoop loop;
        private final List<byte[]> texts = new ArrayList<>();
        private long bytes;

        Batches(BpeTrainer trainer, ParallelLoop loop) {
            this.trainer = trainer;
            this.loop = loop;
        }

        void add(byte[] text) {
            texts.add(text);
            bytes += text.length;
            if (bytes > BATCH_BYTES) {
                pass();
            }
        }

        void pass() {
            trainer.add(texts, loop);
            texts.clear();
            bytes = 0;
        }
    }
}
