package torrefy.tokenizer.corpus.build;

import java.nio.file.Path;

/// What a stage works with while it runs.
///
/// @param folder its own, to write into; under a temporary name until it is done
/// @param out the folder of all stages
/// @param ledger what it counts
record StageRun(Path folder, Path out, Ledger ledger, int threads) {

    Path file(String name) {
        return folder.resolve(name);
    }

    /// A file that an earlier stage made.
    Path of(String stage, String name) {
        return out.resolve(stage).resolve(name);
    }
}
