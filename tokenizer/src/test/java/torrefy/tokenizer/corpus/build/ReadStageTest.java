package torrefy.tokenizer.corpus.build;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Stops the reading of many small documents at any of them, and goes on.
class ReadStageTest {

    private static final int LINES = 5000;

    @TempDir
    Path folder;

    private BuildSettings settings;
    private final List<String> progress = new ArrayList<>();

    /// Two inputs, of which the second is long, with lines that cannot be read in it.
    @BeforeEach
    void files() throws IOException {
        Path small = Files.createDirectories(folder.resolve("small"));
        Files.writeString(small.resolve("a.txt"), SmallFiles.prose(1, 20));
        Files.writeString(small.resolve("broken.zip"), "this is no zip");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < LINES; i++) {
            String text = "Line " + i + " of a file of many lines, each with a number of its own and this text.";
            lines.append(i % 500 == 7 ? "nonsense" : "{\"text\": \"" + text + "\"}")
                    .append('\n');
        }
        Path large = Files.createDirectories(folder.resolve("large"));
        Files.writeString(large.resolve("lines.jsonl"), lines);
        settings = SmallFiles.settings(small, large).withRejectsKept(true);
    }

    private void read(String out, int stopAfter) throws IOException {
        new Pipeline(folder.resolve(out), 1, progress::add)
                .run(List.of(new ReadStage(settings, Stopping.after(stopAfter), 1)));
    }

    @Test
    void aReadingThatWasStoppedGoesOnAfterItsLastCheckpoint() throws IOException {
        read("whole", Integer.MAX_VALUE);
        progress.clear();
        for (int stop : new int[] {0, 1, 1000, 700, 2500, 900}) {
            assertThrows(IllegalStateException.class, () -> read("out", stop));
        }
        read("out", Integer.MAX_VALUE);
        // The first input alone; the first 2048 lines of the second, reached by the fifth run; and two more times that.
        assertEquals(
                List.of(
                        "1-read: goes on after 1 documents",
                        "1-read: goes on after 1 documents",
                        "1-read: goes on after 1 documents",
                        "1-read: goes on after 2,049 documents",
                        "1-read: goes on after 2,049 documents"),
                progress.subList(0, 5));
        assertSameFiles();
    }

    private void assertSameFiles() throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(folder.resolve("whole/1-read"))) {
            files = listed.sorted().toList();
        }
        try (Stream<Path> listed = Files.list(folder.resolve("out/1-read"))) {
            assertEquals(files.size(), listed.count());
        }
        assertEquals(7, files.size(), files.toString());
        for (Path file : files) {
            Path other = folder.resolve("out/1-read").resolve(file.getFileName());
            assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(other), file.toString());
        }
    }

    @Test
    void whatWasReadWithOtherSettingsIsNotGoneOnWith() throws IOException {
        assertThrows(IllegalStateException.class, () -> read("out", 100));
        settings = settings.withLargestDocument(1 << 20);
        read("out", Integer.MAX_VALUE);
        assertTrue(progress.stream().noneMatch(line -> line.contains("goes on")), progress.toString());
        read("whole", Integer.MAX_VALUE);
        assertSameFiles();
    }

    /// As after a power failure: a file is shorter than it was said to be.
    @Test
    void aFileThatHasLostItsEndIsNotGoneOnWith() throws IOException {
        read("whole", Integer.MAX_VALUE);
        progress.clear();
        assertThrows(IllegalStateException.class, () -> read("out", 2500));
        Files.write(folder.resolve("out/.1-read.tmp/tickets.bin"), new byte[10]);
        read("out", Integer.MAX_VALUE);
        assertTrue(progress.stream().noneMatch(line -> line.contains("goes on")), progress.toString());
        assertSameFiles();
    }
}
