package torrefy.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// One door to every file that holds a tokenizer.
public final class TokenizerFile {

    private static final int LONGEST_MESSAGE = 500;

    private TokenizerFile() {}

    /// Reads a tokenizer from
    ///
    /// - a `.json` file, as [TokenizerJson];
    /// - a `.tiktoken` file with the name of a well-known vocabulary in its own, `cl100k_base.tiktoken` for example, as
    ///   [TiktokenFile];
    /// - a folder with `tokenizer.json`, or with `vocab.json` and `merges.txt`, as [Gpt2Files].
    ///
    /// @throws IOException if there is none that can be read; the message is one line
    public static Tokenizer read(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            if (Files.exists(path.resolve("tokenizer.json"))) {
                return TokenizerJson.read(path.resolve("tokenizer.json"));
            }
            if (Files.exists(path.resolve("vocab.json"))) {
                return Gpt2Files.read(path);
            }
            throw new NoSuchFileException(
                    path + ": this folder has no tokenizer: neither tokenizer.json nor vocab.json and merges.txt");
        }
        String name = String.valueOf(path.getFileName());
        if (name.endsWith(".tiktoken")) {
            try {
                return TiktokenFile.read(path, TiktokenFile.known(name.substring(0, name.length() - 9)));
            } catch (IllegalArgumentException e) {
                throw new IOException(
                        path + ": " + e.getMessage() + ", and the file does not say how to split text", e);
            }
        }
        if (name.equals("vocab.json") || name.equals("merges.txt")) {
            return Gpt2Files.read(path.toAbsolutePath().getParent());
        }
        return TokenizerJson.read(path);
    }

    /// What is wrong with `file`, in one line: what the message quotes out of a file may have line ends of many
    /// kinds, and be long.
    static IOException refused(Path file, IllegalArgumentException problem) {
        String line = problem.getMessage().replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]", "?");
        return new IOException(
                file + ": " + (line.length() > LONGEST_MESSAGE ? line.substring(0, LONGEST_MESSAGE) + "…" : line),
                problem);
    }
}
