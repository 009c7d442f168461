package torrefy.core.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

    @TempDir
    Path folder;

    @Test
    void aNewFileHoldsWhatWasWritten() throws IOException {
        Path target = folder.resolve("a.json");
        AtomicFile.write(target, "größer\n");
        assertEquals("größer\n", Files.readString(target));
        assertEquals(List.of("a.json"), names());
    }

    @Test
    void anExistingFileIsReplacedAsAWhole() throws IOException {
        Path target = folder.resolve("a.json");
        AtomicFile.write(target, "something long");
        AtomicFile.write(target, "short");
        assertEquals("short", Files.readString(target));
    }

    @Test
    void theOldFileIsThereUntilTheNewOneIsComplete() throws IOException {
        Path target = folder.resolve("a.bin");
        AtomicFile.write(target, "old");
        AtomicFile.write(target, channel -> {
            channel.write(ByteBuffer.wrap(new byte[] {'n', 'e'}));
            assertEquals("old", Files.readString(target));
            channel.write(ByteBuffer.wrap(new byte[] {'w'}));
        });
        assertEquals("new", Files.readString(target));
    }

    @Test
    void aFailureKeepsTheOldFileAndLeavesNothingBehind() throws IOException {
        Path target = folder.resolve("a.bin");
        AtomicFile.write(target, "old");
        IOException failure = new IOException("disk full");
        assertSame(
                failure,
                assertThrows(
                        IOException.class,
                        () -> AtomicFile.write(target, channel -> {
                            channel.write(ByteBuffer.wrap(new byte[1000]));
                            throw failure;
                        })));
        assertEquals("old", Files.readString(target));
        assertEquals(List.of("a.bin"), names());
    }

    @Test
    void aMissingFolderIsAnError() {
        Path target = folder.resolve("missing").resolve("a.bin");
        assertThrows(IOException.class, () -> AtomicFile.write(target, "text"));
        assertFalse(Files.exists(target));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
