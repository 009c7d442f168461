package torrefy.core.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// A file that appears under its name all at once, or not at all.
///
/// What is written goes to a temporary file in the same folder. [#commit] forces it to the disk and renames it over
/// the target in one atomic step; [#close] without a commit deletes it. A process that is killed in between leaves
/// the old target untouched and a file whose name ends in `.tmp`.
public final class AtomicFile implements AutoCloseable {

    private final Path target;
    private final Path temporary;
    private final FileChannel channel;
    private boolean committed;

    private AtomicFile(Path target, Path temporary, FileChannel channel) {
        this.target = target;
        this.temporary = temporary;
        this.channel = channel;
    }

    /// Replaces `target`, or creates it, with `text` in UTF-8.
    public static void write(Path target, String text) throws IOException {
        try (AtomicFile file = create(target)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                file.channel().write(bytes);
            }
            file.commit();
        }
    }

    /// Opens the temporary file.
    ///
    /// @throws NoSuchFileException if the folder of `target` does not exist
    /// @throws FileAlreadyExistsException if `target` is a folder
    public static AtomicFile create(Path target) throws IOException {
        if (Files.isDirectory(target)) {
            throw new FileAlreadyExistsException(target + ": is a folder, cannot be written as a file");
        }
        Path absolute = target.toAbsolutePath();
        if (!Files.isDirectory(absolute.getParent())) {
            throw new NoSuchFileException(absolute.getParent() + ": no such folder to write " + absolute.getFileName()
                    + " into; create it first");
        }
        String unique = ProcessHandle.current().pid() + "-"
                + Long.toString(System.nanoTime() & Long.MAX_VALUE, Character.MAX_RADIX);
        Path temporary = absolute.resolveSibling("." + absolute.getFileName() + "." + unique + ".tmp");
        FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return new AtomicFile(absolute, temporary, channel);
    }

    /// Where to write; closed by [#commit] and [#close].
    public FileChannel channel() {
        return channel;
    }

    /// Makes what was written so far the contents of the target.
    public void commit() throws IOException {
        channel.force(true);
        channel.close();
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        committed = true;
        forceFolder(target.getParent());
    }

    /// Makes the rename itself survive a power cut. Windows does not open folders; there the file system's journal has
    /// to do.
    private static void forceFolder(Path folder) {
        try (FileChannel opened = FileChannel.open(folder, StandardOpenOption.READ)) {
            opened.force(true);
        } catch (IOException e) {
            // The file is complete under its name, which is what was promised.
        }
    }

    /// Deletes the temporary file unless it was committed.
    @Override
    public void close() throws IOException {
        channel.close();
        if (!committed) {
            Files.deleteIfExists(temporary);
        }
    }
}
