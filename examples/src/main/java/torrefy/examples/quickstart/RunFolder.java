package torrefy.examples.quickstart;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import torrefy.core.backend.Backend;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.checkpoint.CheckpointFolder;
import torrefy.model.checkpoint.DocumentMarks;
import torrefy.model.checkpoint.HuggingFaceFolder;
import torrefy.model.checkpoint.MalformedFileException;
import torrefy.tokenizer.Tokenizer;
import torrefy.tokenizer.TokenizerJson;

/// The folder of one run: everything that came out of it, each file by a fixed name.
///
/// @param path of the folder
public record RunFolder(Path path) {

    /// Checkpoints that are kept for being the newest.
    static final int NEWEST_KEPT = 3;

    /// Checkpoints that are kept: the best is one more.
    public static final int MOST_CHECKPOINTS = NEWEST_KEPT + 1;

    private static final String PREPARED = "prepared.properties";
    private static final String CHOSEN = "chosen.properties";

    private static final List<String> FILES = List.of(
            HuggingFaceFolder.CONFIG,
            HuggingFaceFolder.WEIGHTS,
            "tokenizer.json",
            "metrics.jsonl",
            "loss.png",
            "train.bin",
            "validation.bin",
            PREPARED,
            CHOSEN);

    /// Makes the folder of a new run.
    ///
    /// @param overwrite whether the files of an earlier run there may be deleted; other files are never touched
    public static RunFolder create(Path path, boolean overwrite) throws IOException {
        requireNoFile(path);
        if (Files.isDirectory(path) && !isEmpty(path)) {
            if (!overwrite) {
                throw new FileAlreadyExistsException(
                        path.toString(),
                        null,
                        "the folder exists and is not empty; choose another --out, or pass --overwrite to replace the run in"
                                + " it, or --resume to go on with it");
            }
            for (String file : FILES) {
                Files.deleteIfExists(path.resolve(file));
            }
            new RunFolder(path).checkpoints().clear();
        }
        Files.createDirectories(path);
        return new RunFolder(path);
    }

    /// Throws if `path` can be no folder because it is a file.
    static void requireNoFile(Path path) throws IOException {
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new FileAlreadyExistsException(
                    path.toString(), null, "is a file, not a folder; choose another --out");
        }
    }

    /// The folder of a run that is to go on, or to begin if there is none; what a killed process left half-written is
    /// deleted.
    static RunFolder resume(Path path) throws IOException {
        Files.createDirectories(path);
        try (Stream<Path> files = Files.list(path)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".tmp") && FILES.stream().anyMatch(known -> name.startsWith("." + known + "."))) {
                    Files.delete(file);
                }
            }
        }
        return new RunFolder(path);
    }

    /// The folder of a finished run, or of any model that [HuggingFaceFolder] reads with a `tokenizer.json` beside it.
    public static RunFolder open(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            throw new NoSuchFileException(
                    path.toString(),
                    null,
                    "no such folder; --run takes the folder a quickstart made, or one of a Hugging Face model");
        }
        return new RunFolder(path);
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.allMatch(file -> file.endsWith(RunLock.NAME));
        }
    }

    public Path tokenizer() {
        return path.resolve("tokenizer.json");
    }

    public Path metrics() {
        return path.resolve("metrics.jsonl");
    }

    public Path lossCurve() {
        return path.resolve("loss.png");
    }

    public Path trainShard() {
        return path.resolve("train.bin");
    }

    public Path validationShard() {
        return path.resolve("validation.bin");
    }

    /// What is known of the files that training reads; written when all of them are complete.
    Path prepared() {
        return path.resolve(PREPARED);
    }

    /// The sizes that were chosen for the run, if its user named none.
    Path chosenSizes() {
        return path.resolve(CHOSEN);
    }

    CheckpointFolder checkpoints() {
        return new CheckpointFolder(path.resolve("checkpoints"));
    }

    public Tokenizer loadTokenizer() throws IOException {
        return TokenizerJson.read(tokenizer());
    }

    /// Loads the model; throws if it does not belong to `tokenizer`.
    public Transformer loadModel(Backend backend, Tokenizer tokenizer) throws IOException {
        requireRoom(path, HuggingFaceFolder.loadConfig(path), tokenizer);
        return HuggingFaceFolder.load(path, backend);
    }

    /// Saves the model beside the tokenizer, which is there already.
    public void saveModel(Transformer model, Tokenizer tokenizer) throws IOException {
        HuggingFaceFolder.save(model, marks(tokenizer), path);
    }

    /// How other programs are told what documents begin and end with: of several marks at a beginning, the first.
    public static DocumentMarks marks(Tokenizer tokenizer) {
        return new DocumentMarks(tokenizer.startOfText()[0], tokenizer.endOfText());
    }

    /// Throws if a model has fewer rows in its table than there are tokens. It may have more: some others round the
    /// number up.
    static void requireRoom(Path folder, TransformerConfig config, Tokenizer tokenizer) throws IOException {
        if (config.vocabulary() < tokenizer.vocabularySize()) {
            throw new MalformedFileException(
                    folder.resolve(HuggingFaceFolder.CONFIG),
                    "has a vocabulary of " + config.vocabulary() + ", the tokenizer beside it "
                            + tokenizer.vocabularySize());
        }
    }
}
