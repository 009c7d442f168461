package torrefy.model.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// 10,000 steps in a JVM of their own, of which nothing stays.
class NoLeakTest {

    private static final int MEASURED_FROM = 6;

    /// The compiler holds up the program instead of running beside it, so that a busy machine measures the same; the
    /// heap is in memory from the beginning. What is left to grow is what would be lost.
    @Test
    void tenThousandStepsLeaveHeapAndProcessAsTheyWere() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "the process's memory is read as on Linux");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        String flags = "-Xbatch -XX:+UseSerialGC -Xms64m -Xmx64m -Xmn24m -XX:+AlwaysPreTouch";
        command.addAll(List.of(flags.split(" ")));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), SteadyRun.class.getName()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<long[]> rows;
        try (BufferedReader lines = process.inputReader()) {
            rows = lines.lines()
                    .map(line -> Arrays.stream(line.split(" "))
                            .mapToLong(Long::parseLong)
                            .toArray())
                    .toList();
            assertEquals(0, process.waitFor());
        } finally {
            process.destroyForcibly();
        }
        String all = String.join(", ", rows.stream().map(Arrays::toString).toList());
        assertEquals(10, rows.size(), all);
        long[] middle = rows.get(MEASURED_FROM - 1);
        long[] last = rows.getLast();
        assertTrue(last[1] < 64 << 10, "bytes allocated a step: " + all);
        assertTrue(last[2] < 1.01 * middle[2], "heap after a collection: " + all);
        assertTrue(last[3] < 1.01 * middle[3], "memory of the process: " + all);
    }
}
