package torrefy.examples.quickstart;

import java.io.IOException;
import java.nio.file.Path;
import torrefy.tokenizer.corpus.build.CorpusFolder;
import torrefy.tokenizer.corpus.read.DocumentSource;

/// Where commands read text that nothing was done to yet.
public final class RawText {

    private RawText() {}

    /// The documents at `path`, as [DocumentSource#of(Path)] says.
    ///
    /// @throws IOException if there are none that can be read, or if what is there was made by `corpus build`
    public static DocumentSource at(Path path) throws IOException {
        CorpusFolder.refuseAsText(path);
        return DocumentSource.of(path);
    }
}
