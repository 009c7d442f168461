package torrefy.core.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/// Writes a file so that it is there whole or not at all.
///
/// The content goes to a temporary file in the same folder, is forced to the disk, and takes the final name in one
/// rename. Whoever kills the program, or pulls the plug, finds the old file or the new one, never half of one.
public final class AtomicFile {

    private AtomicFile() {}

    /// Puts the content into the temporary file, from its beginning.
    @FunctionalInterface
    public interface Content {
        void writeTo(FileChannel channel) throws IOException;
    }

    /// Replaces `target`, or creates it, with what `content` writes.
    ///
    /// @throws IOException if the folder does not exist or cannot be written, or if `content` throws; `target` is then
    ///     what it was before and nothing else is left behind
    public static void write(Path target, Content content) throws IOException {
        Path temporary = besides(target);
        try {
            try (FileChannel channel = FileChannel.open(
                    temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                content.writeTo(channel);
                channel.force(true);
            }
            rename(temporary, target);
        } finally {
            Files.deleteIfExists(temporary);
        }
        forceFolder(target.toAbsolutePath().getParent());
    }

    /// Replaces `target`, or creates it, with `text` in UTF-8.
    public static void write(Path target, String text) throws IOException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
        write(target, channel -> {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    /// A name of its own in the folder of `target`: only a rename within one file system is atomic. Hidden, so that
    /// nobody who lists the folder takes it for data.
    private static Path besides(Path target) {
        long unique =
                ProcessHandle.current().pid() ^ ThreadLocalRandom.current().nextLong();
        return target.resolveSibling("." + target.getFileName() + "." + Long.toHexString(unique) + ".partial");
    }

    private static void rename(Path temporary, Path target) throws IOException {
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException(target + ": this file system cannot rename atomically; choose another folder", e);
        }
    }

    /// The rename itself is durable once the folder is forced. Windows does not open folders; there the file system's
    /// journal has to do.
    private static void forceFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // The file is complete under its name, which is what was promised.
        }
    }
}
