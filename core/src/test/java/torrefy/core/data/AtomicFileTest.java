package torrefy.core.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
    void theOldFileIsThereUntilTheCommit() throws IOException {
        Path target = folder.resolve("a.bin");
        AtomicFile.write(target, "old");
        try (AtomicFile file = AtomicFile.create(target)) {
            file.channel().write(ByteBuffer.wrap("new".getBytes(StandardCharsets.US_ASCII)));
            assertEquals("old", Files.readString(target));
            file.commit();
        }
        assertEquals("new", Files.readString(target));
        assertEquals(List.of("a.bin"), names());
    }

    @Test
    void closingWithoutACommitKeepsTheOldFileAndLeavesNothingBehind() throws IOException {
        Path target = folder.resolve("a.bin");
        AtomicFile.write(target, "old");
        try (AtomicFile file = AtomicFile.create(target)) {
            file.channel().write(ByteBuffer.wrap(new byte[1000]));
            assertEquals(2, names().size());
        }
        assertEquals("old", Files.readString(target));
        assertEquals(List.of("a.bin"), names());
    }

    @Test
    void aMissingFolderAndAFolderInTheWayAreNamed() {
        Path missing = folder.resolve("missing");
        IOException none = assertThrows(IOException.class, () -> AtomicFile.create(missing.resolve("a.bin")));
        assertTrue(none.getMessage().contains(missing.toString()), none.getMessage());
        IOException inTheWay = assertThrows(IOException.class, () -> AtomicFile.create(folder));
        assertTrue(inTheWay.getMessage().contains("is a folder"), inTheWay.getMessage());
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
