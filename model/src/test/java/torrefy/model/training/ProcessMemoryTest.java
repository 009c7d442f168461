package torrefy.model.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// In JVMs of their own, whose garbage collector is chosen here.
@EnabledOnOs(OS.LINUX)
class ProcessMemoryTest {

    private static final int MEGABYTE = 1 << 20;
    private static final int LARGE = 200;

    private static List<Long> child(String... flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Arrays.asList(flags));
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Child.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output.lines().map(Long::parseLong).toList();
    }

    @Test
    void whatLiesInTheHeapIsNotBesideItAndWasForeseen() throws IOException, InterruptedException {
        List<Long> said = child("-XX:+UseSerialGC", "-Xmn32m");
        long before = said.get(0);
        long after = said.get(1);
        long foreseen = said.get(2);
        long peak = said.get(3);
        assertTrue(Math.abs(after - before) < LARGE / 10 * MEGABYTE, said.toString());
        assertTrue(peak > LARGE * MEGABYTE && Math.abs(foreseen - peak) < 0.2 * peak, said.toString());
    }

    @Test
    void aCollectorWithoutBoundsTellsNothing() throws IOException, InterruptedException {
        List<Long> said = child("-XX:+UseG1GC");
        assertEquals(List.of(-1L, -1L, -1L), said.subList(0, 3));
        assertTrue(said.get(3) > LARGE * MEGABYTE, said.toString());
    }

    /// Fills its heap.
    static final class Child {

        private Child() {}

        public static void main(String[] arguments) {
            long before = ProcessMemory.besideHeap().orElse(-1);
            long foreseen = ProcessMemory.peakWith(LARGE * MEGABYTE).orElse(-1);
            byte[][] arrays = new byte[LARGE][];
            for (int i = 0; i < LARGE; i++) {
                arrays[i] = new byte[MEGABYTE];
                Arrays.fill(arrays[i], (byte) i);
            }
            System.out.println(before);
            System.out.println(ProcessMemory.besideHeap().orElse(-1));
            System.out.println(foreseen);
            System.out.println(ProcessMemory.peak().orElse(-1));
            if (arrays[LARGE - 1][0] == 0) {
                throw new IllegalStateException("the arrays are alive until here");
            }
        }
    }
}
