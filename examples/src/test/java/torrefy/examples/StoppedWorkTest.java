package torrefy.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Ctrl-C in the middle of work that reads a text which does not end.
class StoppedWorkTest {

    /// Several times what a pipe holds: when all of it is written, the other side is at work.
    private static final byte[] TEXT = ("The lock is closed at night, and the boats wait at the quay.\n".repeat(10)
                    + "\n")
            .repeat(1000)
            .getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    @BeforeAll
    static void requireSignals() {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "signals are sent as on Linux");
    }

    /// What a process says on both streams that is interrupted while it reads.
    private String interrupted(List<String> arguments) throws Exception {
        Path said = folder.resolve("said.txt");
        Process process = ChildTorrefy.of(arguments)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try (OutputStream text = process.getOutputStream()) {
            text.write(TEXT);
            text.flush();
            ChildTorrefy.interrupt(process);
            assertTrue(process.waitFor(1, TimeUnit.MINUTES));
            assertEquals(130, process.exitValue(), Files.readString(said));
        } finally {
            process.destroyForcibly().waitFor();
        }
        // What the JVM itself says of incubating modules is not ours.
        return Files.readString(said)
                .lines()
                .filter(line -> !line.startsWith("WARNING"))
                .reduce("", (all, line) -> all + line + "\n");
    }

    @Test
    void aTokenizerThatIsNotReadyIsNotWritten() throws Exception {
        Path out = folder.resolve("tokenizer.json");
        Files.writeString(out, "an older one");
        assertEquals(
                "torrefy: interrupted before anything was written to " + out + "\n",
                interrupted(List.of("tokenizer", "train", "--vocabulary=300", "--out=" + out)));
        assertEquals("an older one", Files.readString(out));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(2, files.count(), "the tokenizer and what was said, no temporary file");
        }
    }

    @Test
    void aCorpusIsBuiltByTheSameCommandLater() throws Exception {
        Path out = folder.resolve("corpus");
        List<String> command =
                List.of("corpus", "build", "--input=-", "--vocabulary=300", "--filters=none", "--out=" + out);
        assertEquals(
                "torrefy: interrupted; the same command, with all of stdin again, goes on after the last stage that is done\n",
                interrupted(command));
        assertFalse(Files.exists(out.resolve("tokens")));
        assertFalse(Files.exists(out.resolve("report.html")));

        Process again = ChildTorrefy.of(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("again.txt").toFile())
                .start();
        try (OutputStream text = again.getOutputStream()) {
            text.write(TEXT);
        }
        assertTrue(again.waitFor(1, TimeUnit.MINUTES));
        assertEquals(0, again.exitValue(), Files.readString(folder.resolve("again.txt")));
        assertTrue(Files.exists(out.resolve("tokens")));
    }
}
