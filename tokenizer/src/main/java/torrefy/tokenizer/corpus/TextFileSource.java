package torrefy.tokenizer.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// The text of one file, cut where it is long.
record TextFileSource(Path file, String name, int partBytes) implements DocumentSource {

    @Override
    public void read(DocumentSink sink) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            TextParts.read(in, name, partBytes, sink);
        } catch (IOException e) {
            throw new IOException(name + ": cannot be read: " + Reason.of(e), e);
        }
    }
}
