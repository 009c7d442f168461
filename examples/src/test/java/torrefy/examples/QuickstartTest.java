package torrefy.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import torrefy.core.data.Library;

/// The quickstart, small, from a folder of text to a folder with a model, and all the ways in which it can be asked for
/// something that does not work.
class QuickstartTest {

    @TempDir
    Path folder;

    private static String out(Path folder) {
        return "--out=" + folder;
    }

    @Test
    void linesToCopyQuoteSpaces() {
        Path run = folder.resolve("my run");
        Captured result = SmallRun.quickstart(out(run));
        assertEquals(0, result.code(), result.err());
        assertTrue(result.out().contains("generate --run \"" + run + "\" --prompt"), result.out());
    }

    @Test
    void aRunLeavesEverythingThatTheOtherCommandsNeed() throws IOException {
        Path run = folder.resolve("run");
        Captured result = SmallRun.quickstart(out(run));
        assertEquals(0, result.code(), result.err());
        for (String file :
                List.of("config.json", "tokenizer.json", "model.safetensors", "train.bin", "validation.bin")) {
            assertTrue(Files.size(run.resolve(file)) > 0, file);
        }
        assertEquals(6, Files.readAllLines(run.resolve("metrics.jsonl")).size());
        // A machine without fonts cannot draw one, and says so.
        boolean drawn = !result.out().contains("loss.png is not drawn: this machine has no fonts");
        assertEquals(drawn, Files.exists(run.resolve("loss.png")));
        if (drawn) {
            assertTrue(ImageIO.read(run.resolve("loss.png").toFile()).getWidth() > 100);
        }
        assertTrue(result.out().contains("bits a byte; gzip -9 needs"), result.out());
        assertTrue(result.out().contains("--minutes 30 --corpus " + SmallCorpus.SHARED), result.out());
        try (var files = Files.list(run)) {
            assertTrue(files.noneMatch(file -> file.toString().endsWith(".tmp")), "no temporary file is left");
        }

        Captured generated = Captured.torrefy("generate", "--run", run, "--prompt", "The river", "--tokens=8");
        assertEquals(0, generated.code(), generated.err());
        assertTrue(generated.out().startsWith("The river"), generated.out());
        assertEquals(
                generated.out(),
                Captured.torrefy("generate", "--run", run, "--prompt", "The river", "--tokens=8")
                        .out(),
                "the same seed, the same text");

        Captured evaluated = Captured.torrefy("evaluate", "--run", run, "--corpus", SmallCorpus.SHARED);
        assertEquals(0, evaluated.code(), evaluated.err());
        assertTrue(evaluated.out().contains("bits a byte"), evaluated.out());
    }

    @Test
    void theWeightsDoNotDependOnTheNumberOfThreads() throws IOException {
        Path one = folder.resolve("one");
        Path two = folder.resolve("two");
        assertEquals(0, SmallRun.quickstart("--threads=1", out(one)).code());
        assertEquals(0, SmallRun.quickstart("--threads=2", out(two)).code());
        assertArrayEquals(
                Files.readAllBytes(one.resolve("model.safetensors")),
                Files.readAllBytes(two.resolve("model.safetensors")));
        Path otherSeed = folder.resolve("seed");
        assertEquals(0, SmallRun.quickstart("--seed=2", out(otherSeed)).code());
        assertFalse(Arrays.equals(
                Files.readAllBytes(one.resolve("model.safetensors")),
                Files.readAllBytes(otherSeed.resolve("model.safetensors"))));
    }

    @Test
    void anExistingRunIsReplacedOnlyWhenAskedTo() throws IOException {
        Path run = folder.resolve("run");
        assertEquals(0, SmallRun.quickstart(out(run)).code());
        Files.writeString(run.resolve("notes.txt"), "mine");
        byte[] before = Files.readAllBytes(run.resolve("model.safetensors"));

        Captured refused = SmallRun.quickstart("--seed=5", out(run));
        refused.assertRefused(1, "--overwrite");
        assertTrue(refused.complaint().contains(run.toString()), refused.err());
        assertArrayEquals(before, Files.readAllBytes(run.resolve("model.safetensors")));

        assertEquals(0, SmallRun.quickstart("--seed=5", out(run), "--overwrite").code());
        assertFalse(Arrays.equals(before, Files.readAllBytes(run.resolve("model.safetensors"))));
        assertEquals("mine", Files.readString(run.resolve("notes.txt")), "other files are not touched");
    }

    @Test
    void aCorpusThatIsMissingEmptyOrBinaryIsNamed() throws IOException {
        Path missing = folder.resolve("nowhere");
        SmallRun.quickstart(out(folder.resolve("a")), "--corpus=" + missing).assertRefused(1, "nowhere");
        assertFalse(Files.exists(folder.resolve("a")), "nothing came of the run, not even a folder");
        Path mine = Files.createDirectory(folder.resolve("mine"));
        SmallRun.quickstart(out(mine), "--corpus=" + missing).assertRefused(1, "nowhere");
        assertTrue(Files.exists(mine), "a folder that was there stays");

        Path empty = Files.createDirectory(folder.resolve("empty"));
        SmallRun.quickstart(out(folder.resolve("b")), "--corpus=" + empty).assertRefused(1, "empty");

        Path binary = folder.resolve("binary.txt");
        Files.write(binary, new byte[5000]);
        SmallRun.quickstart(out(folder.resolve("c")), "--corpus=" + binary).assertRefused(1, "binary");

        Path zip = folder.resolve("broken.zip");
        Files.writeString(zip, "this is no archive");
        SmallRun.quickstart(out(folder.resolve("d")), "--corpus=" + zip).assertRefused(1, "broken.zip");

        Path gzip = folder.resolve("text.gz");
        Files.writeString(gzip, "not compressed at all");
        SmallRun.quickstart(out(folder.resolve("e")), "--corpus=" + gzip).assertRefused(1, "text.gz");
    }

    @Test
    void aCorpusTooSmallForOneBatchSaysHowMuchIsNeeded() throws IOException {
        Path small = SmallCorpus.write(folder.resolve("small"), 3);
        Captured result =
                SmallRun.quickstart(out(folder.resolve("run")), "--corpus=" + small, "--context=512", "--batch=4");
        result.assertRefused(1, "--batch");
        assertTrue(result.complaint().contains("2560"), result.err());
    }

    @Test
    void aModelLargerThanTheHeapIsRefusedBeforeAnythingIsRead() {
        Captured result =
                SmallRun.quickstart(out(folder.resolve("run")), "--width=16384", "--layers=64", "--corpus=unread");
        result.assertRefused(1, "-Xmx");
        assertFalse(Files.exists(folder.resolve("run")));
    }

    @Test
    void aPlanIsShownAndNothingIsDone() {
        Captured fits = SmallRun.quickstart(out(folder.resolve("run")), "--plan-only");
        assertEquals(0, fits.code(), fits.err());
        assertTrue(fits.out().startsWith("fits as wanted"), fits.out());
        assertFalse(Files.exists(folder.resolve("run")));
    }

    /// A batch whose activations are larger than any heap of a test: half a terabyte.
    @Test
    void aBatchLargerThanTheHeapIsCutIntoMicroBatches() {
        Captured cut = SmallRun.quickstart("--plan-only", "--batch=262144", "--width=256", "--context=256");
        assertEquals(0, cut.code(), cut.err());
        assertTrue(cut.out().contains("micro-batches of"), cut.out());
    }

    @Test
    void argumentsThatMakeNoSenseAreNamed() {
        SmallRun.quickstart("--wdith=12").assertRefused(2, "--wdith");
        SmallRun.quickstart("--steps=many").assertRefused(2, "--steps");
        Captured.torrefy("frobnicate").assertRefused(2, "frobnicate");
        Captured.torrefy("generate", "--run", folder).assertRefused(2, "--prompt");
        SmallRun.quickstart("--minutes=3").assertRefused(1, "--minutes");
        SmallRun.quickstart("--heads=5").assertRefused(1, "heads");
        SmallRun.quickstart("--vocab=100").assertRefused(1, "--vocab");
        SmallRun.quickstart("--threads=0").assertRefused(1, "--threads");
        SmallRun.quickstart("--backend=gpu").assertRefused(2, "gpu");
        SmallRun.quickstart("--backend=vector", "--device=0").assertRefused(2, "no devices");
        SmallRun.quickstart("--backend=vector", "--precision=bf16").assertRefused(2, "BF16");
        SmallRun.quickstart("--precision=fp8").assertRefused(2, "--precision");
        Captured.torrefy("generate", "--run", folder, "--prompt=x", "--temperature=-1")
                .assertRefused(1, "temperature");
        Captured.torrefy("generate", "--run", folder.resolve("none"), "--prompt=x")
                .assertRefused(1, "--run");
    }

    @Test
    void helpIsEverywhere() {
        for (String command : List.of("quickstart", "generate", "evaluate", "lockstep", "tune", "info")) {
            Captured help = Captured.torrefy(command, "--help");
            assertEquals(0, help.code());
            assertTrue(help.out().contains("--backend"), command + ": " + help.out());
        }
        assertTrue(Captured.torrefy("--help").out().contains("quickstart"));
        assertEquals(Library.NAME, Captured.torrefy("--version").out().strip());
    }

    @Test
    void lockstepSaysWhetherTwoBackendsAgree() {
        Captured agreed = Captured.torrefy("lockstep", "--backend=scalar", "--steps=3", "--threads=2");
        assertEquals(0, agreed.code(), agreed.err());
        assertTrue(agreed.out().contains("3 steps, nowhere apart by more than"), agreed.out());
        Captured apart = Captured.torrefy("lockstep", "--backend=scalar", "--steps=3", "--limit=-1");
        assertEquals(1, apart.code(), apart.out());
        assertTrue(apart.out().contains("every result of this step agrees"), apart.out());
    }

    @Test
    void infoTellsBackendsPeakAndHeap() {
        Captured info = Captured.torrefy("info");
        assertEquals(0, info.code(), info.err());
        for (String word : List.of("scalar", "vector", "GFLOP/s", "threads", "Heap")) {
            assertTrue(info.out().contains(word), word + " in " + info.out());
        }
    }
}
