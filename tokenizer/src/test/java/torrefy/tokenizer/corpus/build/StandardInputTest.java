package torrefy.tokenizer.corpus.build;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Stops builds from stdin, and gives them the same stdin again, or another.
class StandardInputTest {

    @TempDir
    Path folder;

    private final InputStream stdin = System.in;
    private final List<String> progress = new ArrayList<>();
    private byte[] lines;
    private BuildSettings settings;

    /// Some megabytes as JSON lines, so that batches end before stdin does, beside a folder.
    @BeforeEach
    void files() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 6000; i++) {
            text.append("{\"text\": \"")
                    .append(SmallFiles.prose(i, 3).replace("\n", "\\n"))
                    .append("\"}\n");
        }
        lines = text.toString().getBytes(StandardCharsets.UTF_8);
        Path books = Files.createDirectories(folder.resolve("books"));
        Files.writeString(books.resolve("a.txt"), SmallFiles.prose(9999, 20));
        settings = SmallFiles.settings(books).withFilters(List.of());
        settings = settings.withInputs(
                List.of(settings.inputs().getFirst(), new CorpusInput("pages.jsonl", CorpusInput.STDIN, 0)));
    }

    @AfterEach
    void stdin() {
        System.setIn(stdin);
    }

    private void read(byte[] text, String out, int stopAfter) throws IOException {
        System.setIn(new ByteArrayInputStream(text));
        new Pipeline(folder.resolve(out), 1, progress::add)
                .run(List.of(new ReadStage(settings, Stopping.after(stopAfter), 1)));
    }

    private void build(byte[] text, String out) throws IOException {
        System.setIn(new ByteArrayInputStream(text));
        CorpusBuild.run(settings, folder.resolve(out), 1, progress::add);
    }

    private void assertSame(String stage) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("whole").resolve(stage))) {
            for (Path file : files.toList()) {
                Path other = folder.resolve("out").resolve(stage).resolve(file.getFileName());
                assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(other), file.toString());
            }
        }
    }

    @Test
    void aStoppedBuildGoesOnIfItIsGivenTheSameTextAgain() throws IOException {
        read(lines, "whole", Integer.MAX_VALUE);
        progress.clear();
        assertThrows(IllegalStateException.class, () -> read(lines, "out", 3000));
        read(lines, "out", Integer.MAX_VALUE);
        assertEquals("1-read: goes on after 2,049 documents", progress.getFirst());
        assertSame(ReadStage.NAME);
    }

    @Test
    void anotherTextOrTheRestOfItIsRefused() throws IOException {
        read(lines, "whole", Integer.MAX_VALUE);
        byte[] other = lines.clone();
        other[1_000]++;
        byte[] rest = Arrays.copyOfRange(lines, lines.length / 2, lines.length);
        // Also before the first checkpoint within stdin.
        for (int stop : new int[] {1000, 3000}) {
            assertThrows(IllegalStateException.class, () -> read(lines, "out", stop));
            for (byte[] wrong : List.of(other, rest, new byte[0], Arrays.copyOf(lines, 1000))) {
                String said = assertThrows(UncheckedIOException.class, () -> read(wrong, "out", Integer.MAX_VALUE))
                        .getCause()
                        .getMessage();
                assertTrue(said.startsWith("stdin is not the text that an earlier run was reading"), said);
                assertTrue(said.contains("delete " + folder.resolve("out/.1-read.tmp")), said);
            }
        }
        read(lines, "out", Integer.MAX_VALUE);
        assertSame(ReadStage.NAME);
    }

    @Test
    void whatWasReadToItsEndIsNotNeededAgain() throws IOException {
        build(lines, "whole");
        build(lines, "out");
        for (byte[] again : List.of(new byte[0], lines)) {
            deleteFrom(ExactStage.NAME, TokensStage.NAME);
            progress.clear();
            build(again, "out");
            assertEquals("1-read: was done before", progress.getFirst());
            assertFalse(progress.get(1).endsWith("done before"), progress.toString());
            assertSame(TokensStage.NAME);
        }
    }

    private void deleteFrom(String... stages) throws IOException {
        for (String stage : stages) {
            try (Stream<Path> files = Files.list(folder.resolve("out").resolve(stage))) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Test
    void aCorpusThatWasMadeFromAnotherTextIsNotTakenForThisOne() throws IOException {
        build(lines, "out");
        byte[] longer = Arrays.copyOf(lines, lines.length + 1);
        longer[lines.length] = '\n';
        byte[] other = lines.clone();
        other[lines.length - 10]++;
        for (byte[] wrong : List.of(longer, other, Arrays.copyOf(lines, lines.length - 1))) {
            IOException refused = assertThrows(IOException.class, () -> build(wrong, "out"));
            assertTrue(
                    refused.getMessage().startsWith(folder.resolve("out/1-read") + ": was made from another text"),
                    refused.getMessage());
        }
        // Deleted, as it says: the later stages must not be taken for those of the new text.
        deleteFrom(ReadStage.NAME);
        progress.clear();
        build(Arrays.copyOf(lines, lines.length / 2), "out");
        assertTrue(progress.stream().noneMatch(line -> line.endsWith("done before")), progress.toString());
        build(Arrays.copyOf(lines, lines.length / 2), "whole");
        assertSame(TokensStage.NAME);
    }

    @Test
    void anEmptyStdinIsNoInput() {
        IOException refused = assertThrows(IOException.class, () -> build(new byte[0], "out"));
        assertTrue(refused.getMessage().endsWith("stdin is an input, but there is nothing in it"));
        assertThrows(
                IllegalArgumentException.class,
                () -> BuildSettings.standard(List.of(
                        new CorpusInput("a", CorpusInput.STDIN, 0), new CorpusInput("b", CorpusInput.STDIN, 0))));
    }
}
