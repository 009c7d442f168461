package torrefy.examples.quickstart;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Keeps a run's folder to one process: two would take each other's checkpoints for damaged ones. The system lets go
/// of it when the process ends, however it does.
final class RunLock implements AutoCloseable {

    /// The file that is locked; deleted in the end, and left over after a kill.
    static final String NAME = ".lock";

    private final Path file;
    private final FileChannel channel;
    private final boolean isNew;

    private RunLock(Path file, FileChannel channel, boolean isNew) {
        this.file = file;
        this.channel = channel;
        this.isNew = isNew;
    }

    /// Takes the folder of a run, which is made if it is not there; then [#close] deletes it if it stayed empty.
    ///
    /// @throws IOException if another run has it
    static RunLock of(Path folder) throws IOException {
        RunFolder.requireNoFile(folder);
        boolean isNew = !Files.isDirectory(folder);
        Files.createDirectories(folder);
        Path file = folder.resolve(NAME);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isFree(channel)) {
            channel.close();
            throw new FileSystemException(
                    folder.toString(),
                    null,
                    "another process trains into this folder: wait until it has ended, or choose another --out");
        }
        return new RunLock(file, channel, isNew);
    }

    private static boolean isFree(FileChannel channel) {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            // A run of this process has it.
            return false;
        } catch (IOException e) {
            // A file system without locks: there nobody keeps watch.
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
        channel.close();
        if (isNew) {
            deleteIfEmpty(file.getParent());
        }
    }

    private static void deleteIfEmpty(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException e) {
            // Something came of the run.
            return;
        }
    }
}
