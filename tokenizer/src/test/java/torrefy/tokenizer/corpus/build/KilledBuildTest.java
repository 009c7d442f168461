package torrefy.tokenizer.corpus.build;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Builds in processes of their own, which are killed, or run out of disk.
class KilledBuildTest {

    @TempDir
    Path folder;

    private Path input;
    private Path out;

    @BeforeEach
    void files() throws IOException {
        input = SmallFiles.make(folder.resolve("input"));
        out = folder.resolve("out");
    }

    /// The program of the process.
    public static void main(String[] arguments) {
        try {
            CorpusBuild.run(SmallFiles.settings(Path.of(arguments[0])), Path.of(arguments[1]), 1, System.out::println);
        } catch (IOException e) {
            System.out.println("refused: " + e.getMessage());
            System.exit(1);
        }
    }

    private Process start(String... before) throws IOException {
        List<String> command = new ArrayList<>(List.of(before));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                KilledBuildTest.class.getName(),
                input.toString(),
                out.toString()));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /// Kills a build as soon as a file is there; whether it was still running.
    private boolean killWhenThereIs(Path file) throws Exception {
        Process process = start();
        while (!Files.exists(file) && process.isAlive()) {
            Thread.onSpinWait();
        }
        boolean isRunning = process.isAlive();
        process.destroyForcibly().waitFor();
        return isRunning;
    }

    @Test
    void aKilledBuildGoesOnAndEndsWithTheSameBytes() throws Exception {
        int kills = 0;
        for (String stage : List.of(ReadStage.NAME, LinesStage.NAME, TokensStage.NAME)) {
            kills += killWhenThereIs(out.resolve("." + stage + ".tmp")) ? 1 : 0;
        }
        assertTrue(kills >= 2, kills + " kills");
        List<String> progress = new ArrayList<>();
        CorpusBuild.run(SmallFiles.settings(input), out, 1, progress::add);
        assertTrue(progress.getFirst().endsWith("done before"), progress.toString());

        Path whole = folder.resolve("whole");
        CorpusBuild.run(SmallFiles.settings(input), whole, 1, line -> {});
        List<Path> shards = CorpusFolder.open(whole).shards();
        assertEquals(shards.size(), CorpusFolder.open(out).shards().size());
        for (Path shard : shards) {
            Path same = out.resolve("tokens").resolve(shard.getFileName());
            assertArrayEquals(Files.readAllBytes(shard), Files.readAllBytes(same));
        }
    }

    /// A limit on the size of a file is the nearest thing to a full disk that needs no rights.
    @Test
    void aDiskThatFillsIsToldInOneLineAndTheBuildGoesOnLater() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/bash")));
        Process limited = start("/bin/bash", "-c", "ulimit -f 20; exec \"$@\"", "bash");
        String said = new String(limited.getInputStream().readAllBytes());
        assertTrue(limited.waitFor(60, TimeUnit.SECONDS));
        assertEquals(1, limited.exitValue(), said);
        List<String> lines = said.lines().toList();
        assertTrue(lines.getLast().startsWith("refused: " + out), said);
        assertFalse(Files.exists(out.resolve("tokens")));
        CorpusBuild.run(SmallFiles.settings(input), out, 1, line -> {});
        assertTrue(Files.exists(out.resolve("tokens")));
    }
}
