package torrefy.tokenizer.corpus.read;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// The documents in one file, whatever it is.
///
/// @param name what to call the file in the names of its documents
record FileSource(Path file, String name, ReadingRules rules) implements DocumentSource {

    static DocumentSource of(Path file, String name, ReadingRules rules) {
        return FileKind.of(String.valueOf(file.getFileName())) == FileKind.ZIP
                ? new ZipSource(file, name, rules, entry -> true)
                : new FileSource(file, name, rules);
    }

    @Override
    public void read(DocumentSink sink) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            Expansion expansion = new Expansion(Files.size(file), rules.mostExpansion());
            new Contents(rules, expansion, sink).read(name, String.valueOf(file.getFileName()), in);
        } catch (IOException e) {
            throw new IOException(name + ": cannot be read: " + Reason.of(e), e);
        }
    }
}
