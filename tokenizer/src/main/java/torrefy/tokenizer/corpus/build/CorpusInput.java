package torrefy.tokenizer.corpus.build;

import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import torrefy.tokenizer.corpus.read.Glob;

/// One source of a corpus.
///
/// @param name for reports, and for the names of documents if there are several; for stdin its end also tells what is
///     in it, as that of a file does
/// @param path a file or folder, or `-` for stdin
/// @param files those in the folder that are meant; null for all, or if it is no folder
/// @param weight its share of the training text in proportion to the weights of others; 0 for all that there is
/// @param encoding of its texts that do not say it themselves; null for what [BuildSettings#reading] says
public record CorpusInput(String name, Path path, Glob files, double weight, Charset encoding) {

    public static final Path STDIN = Path.of("-");

    public CorpusInput {
        if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + ": a weight must be 0 or more, got " + weight);
        }
    }

    /// All that is at a path.
    public CorpusInput(String name, Path path, double weight) {
        this(name, path, null, weight, null);
    }

    /// What is at a place: `-`, a file or folder, or a pattern such as `src/**/*.md`.
    ///
    /// @throws IllegalArgumentException if it is a pattern that is not well formed
    public static CorpusInput at(String place, String name, double weight) {
        if (!Glob.isPattern(place) || Files.exists(Path.of(place))) {
            return new CorpusInput(name, Path.of(place), weight);
        }
        Glob files = Glob.of(place);
        return new CorpusInput(name, files.root(), files, weight, null);
    }

    public CorpusInput withEncoding(Charset declared) {
        return new CorpusInput(name, path, files, weight, declared);
    }

    public boolean isStdin() {
        return path.equals(STDIN);
    }

    /// The input as it was given.
    String place() {
        return files == null ? path.toString() : files.toString();
    }
}
