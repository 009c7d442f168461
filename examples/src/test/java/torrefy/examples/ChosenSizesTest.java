package torrefy.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A quickstart whose user gives it time, and names no sizes.
class ChosenSizesTest {

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private Captured quickstart(String... options) {
        Stream<String> usual = Stream.of(
                "quickstart",
                "--vocab=300",
                "--context=16",
                "--backend=scalar",
                "--calibration=0.05",
                "--calibration-file=" + shared.resolve("calibration.txt"),
                "--corpus=" + SmallCorpus.SHARED,
                "--out=" + folder.resolve("run"));
        return Captured.torrefy(Stream.concat(usual, Stream.of(options)).toArray());
    }

    @Test
    void aShortRunTrainsTheSmallestModelAndGoesOnWithIt() throws IOException {
        Captured run = quickstart("--minutes=0.02", "--threads=1");
        assertEquals(0, run.code(), run.err());
        String chosen = run.lines().stream()
                .filter(line -> line.startsWith("chosen for"))
                .findFirst()
                .orElseThrow();
        assertTrue(chosen.contains("2 layers of width 64") && chosen.contains("--width"), chosen);
        assertTrue(run.out().contains("2 layers, 1 heads, width 64"), run.out());

        // More time would choose another model; a run that goes on has its model.
        Captured on = quickstart("--minutes=0.03", "--threads=1", "--resume");
        assertEquals(0, on.code(), on.err());
        assertFalse(on.out().contains("chosen for"), on.out());
        assertTrue(on.out().contains("2 layers, 1 heads, width 64"), on.out());

        // Nor does a number of steps in place of a time.
        Captured steps = quickstart("--steps=3", "--threads=1", "--resume");
        assertEquals(0, steps.code(), steps.err());
        assertTrue(steps.out().contains("2 layers, 1 heads, width 64"), steps.out());

        // No number, and no UTF-8.
        for (byte[] damage : List.of("layers=many".getBytes(StandardCharsets.UTF_8), new byte[] {(byte) 0xC3, '('})) {
            Files.write(folder.resolve("run").resolve("chosen.properties"), damage);
            Captured damaged = quickstart("--minutes=0.03", "--threads=1", "--resume");
            damaged.assertRefused(1, "chosen.properties");
        }
    }

    @Test
    void aRunOfUsualSizesKeepsThemWhenItGoesOnForATime() {
        Captured run = quickstart("--steps=1");
        assertEquals(0, run.code(), run.err());
        Captured on = quickstart("--minutes=0.02", "--resume");
        assertEquals(0, on.code(), on.err());
        assertFalse(on.out().contains("chosen for"), on.out());
        assertTrue(on.out().contains("4 layers, 4 heads, width 256"), on.out());
    }

    @Test
    void moreTimeIsSpentOnALargerModel() {
        Captured hour = quickstart("--minutes=60", "--plan-only");
        Captured year = quickstart("--minutes=200000", "--plan-only");
        assertEquals(0, hour.code(), hour.err());
        assertEquals(0, year.code(), year.err());
        assertTrue(width(year) > width(hour), hour.out() + year.out());
        assertFalse(Files.exists(folder.resolve("run")));
    }

    private static int width(Captured run) {
        String words = run.out().substring(run.out().indexOf("of width ") + 9);
        return Integer.parseInt(words.substring(0, words.indexOf(',')));
    }

    @Test
    void whoNamesASizeOrAStorageOrALengthInStepsChooses() {
        for (String named :
                List.of("--layers=3", "--width=128", "--heads=2", "--batch=4", "--recompute", "--moments=bf16")) {
            Captured run = quickstart("--minutes=60", "--plan-only", named);
            assertEquals(0, run.code(), run.err());
            assertFalse(run.out().contains("chosen"), named + ": " + run.out());
        }
        Captured steps = quickstart("--steps=10", "--plan-only");
        assertTrue(steps.out().startsWith("fits as wanted"), steps.out() + steps.err());
    }

    @Test
    void aTimeThatCannotBeIsRefused() {
        Captured run = quickstart("--minutes=-1");
        run.assertRefused(1, "--minutes");
        assertEquals(2, quickstart("--minutes=soon").code());
    }
}
