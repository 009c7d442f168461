package torrefy.tokenizer.corpus.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/// A folder in which a corpus was built.
///
/// @param folder that was given to [CorpusBuild]
public record CorpusFolder(Path folder) {

    /// The corpus that was begun in the folder `path`, or one stage of which made this folder; empty for any other.
    ///
    /// @throws NoSuchFileException if it is not finished
    public static Optional<CorpusFolder> at(Path path) throws IOException {
        Optional<Path> begun = begunAt(path);
        return begun.isEmpty() ? Optional.empty() : Optional.of(open(begun.get()));
    }

    /// @throws NoSuchFileException if no corpus was built there, or not to the end
    public static CorpusFolder open(Path folder) throws IOException {
        boolean isFinished = Files.isRegularFile(folder.resolve("report.txt"))
                && Files.isRegularFile(folder.resolve(TokensStage.NAME).resolve(Manifest.NAME));
        if (!isFinished) {
            throw new NoSuchFileException(folder
                    + (isBegun(folder)
                            ? ": this corpus is not finished; the same corpus build again, with the same --out,"
                                    + " goes on with it"
                            : ": no finished corpus here; corpus build makes one"));
        }
        return new CorpusFolder(folder);
    }

    /// Refuses to take the tokens, tables and reports of a corpus for text.
    ///
    /// @throws IOException if `path` is a folder as [#at] finds it, finished or not
    public static void refuseAsText(Path path) throws IOException {
        Optional<CorpusFolder> corpus = at(path);
        if (corpus.isPresent()) {
            throw new IOException(
                    path + ": holds a corpus that corpus build made, and no raw text; only quickstart trains"
                            + " on it, here give what it was built from");
        }
    }

    private static Optional<Path> begunAt(Path path) {
        if (isBegun(path)) {
            return Optional.of(path);
        }
        Path around = path.toAbsolutePath().getParent();
        boolean isStage = around != null && isBegun(around) && Files.isRegularFile(path.resolve(Manifest.NAME));
        return isStage ? Optional.of(around) : Optional.empty();
    }

    private static boolean isBegun(Path folder) {
        return Files.isRegularFile(folder.resolve(ReadStage.NAME).resolve(Manifest.NAME))
                || Files.isDirectory(folder.resolve(Pipeline.temporaryName(ReadStage.NAME)));
    }

    public String report() throws IOException {
        return Files.readString(folder.resolve("report.txt"));
    }

    /// The token shards, those of the validation part first.
    public List<Path> shards() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(TokensStage.NAME))) {
            return files.filter(file -> file.toString().endsWith(".bin"))
                    .sorted((a, b) -> b.compareTo(a))
                    .toList();
        }
    }

    /// The shards to train on, in order.
    public List<Path> trainingShards() throws IOException {
        return shards(TokensStage.TRAINING);
    }

    /// The shards held out for validation, in order.
    public List<Path> validationShards() throws IOException {
        return shards(TokensStage.VALIDATION);
    }

    private List<Path> shards(String part) throws IOException {
        return shards().reversed().stream()
                .filter(file -> file.getFileName().toString().startsWith(part + "-"))
                .toList();
    }

    public Path tokenizer() {
        return folder.resolve(TokensStage.NAME).resolve("tokenizer.json");
    }

    /// Documents that something became of, such as `kept` or `rejected: fineweb`, to look at.
    ///
    /// @throws IllegalArgumentException if there are none of that kind; the message lists the kinds
    public List<String> samples(String kind) throws IOException {
        List<Samples.Sample> all = Samples.read(folder.resolve(ReadStage.NAME).resolve("samples.jsonl"));
        List<String> found = all.stream()
                .filter(sample -> sample.kind().equals(kind) || sample.kind().equals("rejected: " + kind))
                .map(sample -> "--- " + sample.source() + (sample.why().isEmpty() ? "" : ": " + sample.why()) + "\n"
                        + sample.text())
                .toList();
        if (found.isEmpty()) {
            TreeSet<String> kinds = new TreeSet<>();
            all.forEach(sample -> kinds.add(sample.kind()));
            throw new IllegalArgumentException("no samples of '" + kind + "'; there are " + String.join(", ", kinds));
        }
        return found;
    }
}
