package torrefy.tokenizer.corpus.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import torrefy.core.data.AtomicFile;

/// How long a stage has run, with the runs of it that were stopped after a checkpoint. It is kept beside the stage's
/// folder: what is in that must not depend on it.
final class StageClock {

    private final Path file;
    private final long began;

    private StageClock(Path out, String stage, long before) {
        file = file(out, stage);
        began = System.nanoTime() - 1_000_000 * before;
    }

    private static Path file(Path out, String stage) {
        return out.resolve("." + stage + ".time");
    }

    /// Of a stage that begins now.
    static StageClock anew(Path out, String stage) {
        return new StageClock(out, stage, 0);
    }

    /// Of a stage that goes on now.
    static StageClock goingOn(Path out, String stage) throws IOException {
        return new StageClock(out, stage, kept(out, stage));
    }

    /// The milliseconds so far, which are also kept.
    long keep() throws IOException {
        long milliseconds = (System.nanoTime() - began) / 1_000_000;
        AtomicFile.write(file, milliseconds + "\n");
        return milliseconds;
    }

    /// The milliseconds that a stage took when it ran; 0 if that is not known.
    static long kept(Path out, String stage) throws IOException {
        Path file = file(out, stage);
        String text = Files.exists(file) ? Files.readString(file).strip() : "";
        return text.matches("\\d{1,15}") ? Long.parseLong(text) : 0;
    }
}
