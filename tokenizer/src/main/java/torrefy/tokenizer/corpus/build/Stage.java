package torrefy.tokenizer.corpus.build;

import java.io.IOException;

/// One step of building a corpus: reads the folders of the stages before it, and fills its own.
interface Stage {

    /// Also the name of its folder.
    String name();

    /// Everything that decides what it makes, besides the stages before it. Threads and memory do not.
    String settings();

    void make(StageRun run) throws IOException;
}
