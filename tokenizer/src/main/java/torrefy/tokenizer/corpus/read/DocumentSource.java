package torrefy.tokenizer.corpus.read;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Where documents come from. [#of] opens files and folders, [JdkSources] the sources of the running JDK; implement it
/// to bring your own.
///
/// A source hands out its documents in an order of its own that is the same every time. Sources that know the names of
/// their documents beforehand take them in the order of a hash of the name, so that the first few megabytes are a fair
/// sample of all.
public interface DocumentSource {

    /// What this is, for people.
    String name();

    /// Hands the documents to `sink` until there are no more or the sink has enough. What cannot be read is reported
    /// to the sink and costs itself only.
    ///
    /// @throws IOException if the source as a whole cannot be read; the message is one line that names it
    void read(DocumentSink sink) throws IOException;

    /// The documents at `path`, as [ReadingRules#standard] says.
    ///
    /// @throws IOException if there is nothing at `path` that can be read
    static DocumentSource of(Path path) throws IOException {
        return of(path, ReadingRules.standard());
    }

    /// The documents at `path`:
    ///
    /// - a file that ends in `.jsonl`: on each line a JSON object with a field that holds the text;
    /// - `.zip`, `.tar`, `.tgz`: the documents in each file in it;
    /// - `.warc`, `.wet`, also with `.gz`: the pages of a web archive;
    /// - any of these and any other that ends in `.gz` or `.zst`: what is in it, unpacked;
    /// - a folder: all files in it and below, each as here; hidden ones are left out, links to folders not followed;
    /// - any other file: its text.
    ///
    /// Texts are cut at a blank line, or else a line end, where one would be longer than a part may be.
    ///
    /// @throws IOException if there is nothing at `path` that can be read
    static DocumentSource of(Path path, ReadingRules rules) throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(
                    path + ": no such corpus; give a file, a folder, a .zip or a .jsonl with a field \"text\"");
        }
        if (!Files.isReadable(path)) {
            throw new IOException(path + ": no permission to read this corpus");
        }
        if (Files.isDirectory(path)) {
            return new FolderSource(Glob.all(path), rules);
        }
        if (!Files.isRegularFile(path)) {
            throw new IOException(path + ": is neither a file nor a folder, so no corpus");
        }
        return FileSource.of(path, path.toString(), rules.forCorpusOf(Files.size(path)));
    }

    /// The files that a pattern means, each read as by [#of(Path, ReadingRules)].
    static DocumentSource of(Glob files, ReadingRules rules) {
        return new FolderSource(files, rules);
    }

    /// The documents in a stream, which can be read once.
    ///
    /// What is unpacked is held against what has been read of the stream until then, as against the size of a file.
    ///
    /// @param name its end tells what is in the stream, as that of a file does: `pages.jsonl.gz`
    static DocumentSource of(InputStream in, String name, ReadingRules rules) {
        return new DocumentSource() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void read(DocumentSink sink) throws IOException {
                try {
                    Expansion expansion = new Expansion(0, rules.mostExpansion());
                    InputStream counted = new BufferedInputStream(expansion.packed(in), 1 << 16);
                    new Contents(rules.forCorpusOf(Long.MAX_VALUE), expansion, sink).read(name, name, counted);
                } catch (IOException e) {
                    throw new IOException(name + ": cannot be read: " + Reason.of(e), e);
                }
            }
        };
    }
}
