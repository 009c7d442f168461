package torrefy.tokenizer.corpus.build;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// Runs stages one after another, each once.
///
/// A stage fills a folder with a temporary name, its [Manifest] last, and the folder gets its own name by one
/// rename. So after a kill at any point a stage either is there whole or not at all; what is there, with the
/// fingerprint that is wanted and with files of the recorded hashes, is not made again. A stage's fingerprint
/// includes that of the stage before and what that has made, so a changed setting makes all later ones anew. A long
/// stage may make checkpoints ([StageRun#checkpoint]) and go on from the last one.
final class Pipeline {

    private final Path out;
    private final int threads;
    private final Consumer<String> progress;

    Pipeline(Path out, int threads, Consumer<String> progress) {
        this.out = out;
        this.threads = threads;
        this.progress = progress;
    }

    /// What the folder of a stage is called until it is done.
    static String temporaryName(String stage) {
        return "." + stage + ".tmp";
    }

    /// @return what each stage counted, in order
    Map<String, Ledger> run(List<Stage> stages) throws IOException {
        Files.createDirectories(out);
        try (FileChannel channel =
                        FileChannel.open(out.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = lock(channel)) {
            assert lock.isValid();
            Map<String, Ledger> ledgers = new LinkedHashMap<>();
            String fingerprint = "";
            for (Stage stage : stages) {
                fingerprint = Manifest.sha256(List.of(fingerprint, stage.name(), stage.settings()));
                Manifest made = run(stage, fingerprint);
                ledgers.put(stage.name(), made.ledger());
                fingerprint = Manifest.sha256(List.of(fingerprint, made.files().toString()));
            }
            return ledgers;
        }
    }

    private FileLock lock(FileChannel channel) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw new IOException(out + ": another run is building a corpus here");
        }
        return lock;
    }

    private Manifest run(Stage stage, String fingerprint) throws IOException {
        Path folder = out.resolve(stage.name());
        Manifest made = finished(folder, fingerprint);
        if (made != null) {
            stage.wasMade(folder);
            progress.accept(stage.name() + ": was done before");
            made.ledger().took(StageClock.kept(out, stage.name()));
            return made;
        }
        Path temporary = out.resolve(temporaryName(stage.name()));
        delete(folder);
        Ledger ledger = begun(temporary, fingerprint);
        StageClock clock;
        if (ledger == null) {
            delete(temporary);
            Files.createDirectory(temporary);
            ledger = new Ledger();
            clock = StageClock.anew(out, stage.name());
        } else {
            clock = StageClock.goingOn(out, stage.name());
            progress.accept(String.format(
                    Locale.ROOT,
                    "%s: goes on after %,d documents",
                    stage.name(),
                    ledger.get("read").documents()));
        }
        StageRun run = new StageRun(temporary, out, ledger, threads, fingerprint, clock);
        try {
            stage.make(run);
        } catch (IOException e) {
            throw new IOException(folder + ": " + reason(e), e);
        }
        Files.deleteIfExists(temporary.resolve(Manifest.PROGRESS));
        made = Manifest.of(temporary, fingerprint, ledger);
        made.write(temporary, Manifest.NAME);
        ledger.took(clock.keep());
        Files.move(temporary, folder, StandardCopyOption.ATOMIC_MOVE);
        progress.accept(String.format(Locale.ROOT, "%s: %.1f s", stage.name(), ledger.milliseconds() / 1e3));
        return made;
    }

    /// What an earlier run had counted at its last checkpoint, its files as they were then; null if there is none.
    private static Ledger begun(Path temporary, String fingerprint) throws IOException {
        if (!Files.isRegularFile(temporary.resolve(Manifest.PROGRESS))) {
            return null;
        }
        Manifest begun = Manifest.read(temporary, Manifest.PROGRESS);
        return begun.fingerprint().equals(fingerprint) && begun.restore(temporary) ? begun.ledger() : null;
    }

    /// Without the file name that some exceptions bring along: the folder says enough.
    private static String reason(IOException e) {
        boolean hasReason = e instanceof FileSystemException file && file.getReason() != null;
        String message = hasReason ? ((FileSystemException) e).getReason() : e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    /// The manifest of a stage that need not run again, or null.
    private static Manifest finished(Path folder, String fingerprint) throws IOException {
        if (!Files.isRegularFile(folder.resolve(Manifest.NAME))) {
            return null;
        }
        Manifest manifest = Manifest.read(folder, Manifest.NAME);
        return manifest.fingerprint().equals(fingerprint) && manifest.agreesWith(folder) ? manifest : null;
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
