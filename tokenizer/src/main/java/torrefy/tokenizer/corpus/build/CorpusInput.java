package torrefy.tokenizer.corpus.build;

import java.nio.file.Path;

/// One source of a corpus.
///
/// @param name for reports, and for the names of documents if there are several
/// @param path a file or folder, or `-` for stdin as plain text
/// @param weight its share of the training text in proportion to the weights of others; 0 for all that there is
public record CorpusInput(String name, Path path, double weight) {

    public static final Path STDIN = Path.of("-");

    public CorpusInput {
        if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + ": a weight must be 0 or more, got " + weight);
        }
    }
}
