package torrefy.tokenizer.corpus.build;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// What a stage works with while it runs.
///
/// @param folder its own, to write into; under a temporary name until it is done
/// @param out the folder of all stages
/// @param ledger what it counts; not empty if an earlier run was stopped after a checkpoint
/// @param fingerprint of the stage
/// @param clock of the stage
record StageRun(Path folder, Path out, Ledger ledger, int threads, String fingerprint, StageClock clock) {

    Path file(String name) {
        return folder.resolve(name);
    }

    /// Makes what is there so far outlive a kill: the next run begins with these files and with the ledger as it is
    /// now.
    ///
    /// @param grown files that are only ever appended to; what is appended after this will be cut off then
    void checkpoint(List<String> grown) throws IOException {
        Manifest.ofProgress(folder, grown, fingerprint, ledger).write(folder, Manifest.PROGRESS);
        clock.keep();
    }

    /// A file that an earlier stage made.
    Path of(String stage, String name) {
        return out.resolve(stage).resolve(name);
    }
}
