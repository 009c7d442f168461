package torrefy.tokenizer.corpus.build;

import java.io.IOException;
import java.nio.file.Path;

/// One step of building a corpus: reads the folders of the stages before it, and fills its own.
interface Stage {

    /// Also the name of its folder.
    String name();

    /// Everything that decides what it makes, besides the stages before it. Threads and memory do not.
    String settings();

    void make(StageRun run) throws IOException;

    /// Hears that an earlier run has made it.
    ///
    /// @param folder what was made
    /// @throws IOException if that is not what is wanted now, though the settings are the same
    default void wasMade(Path folder) throws IOException {}
}
