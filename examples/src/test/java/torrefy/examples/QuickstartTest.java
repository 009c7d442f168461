package torrefy.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The quickstart, small, from a folder of text to a folder with a model, and all the ways in which it can be asked for
/// something that does not work.
class QuickstartTest {

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static Path corpus;

    @BeforeAll
    static void writeCorpus() throws IOException {
        corpus = SmallCorpus.write(shared.resolve("corpus"), 60);
    }

    /// Runs a small quickstart on the shared corpus; `more` takes the place of the small values, or adds options.
    /// Options are written `--name=value`.
    private static Captured quickstart(String... more) {
        Map<String, String> options = new LinkedHashMap<>();
        String small = "--steps=6 --vocab=300 --layers=1 --width=16 --heads=2 --context=16 --batch=2";
        Stream.of(Stream.of(small.split(" ")), Stream.of("--corpus=" + corpus), Stream.of(more))
                .flatMap(option -> option)
                .forEach(option -> options.put(option.split("=")[0], option));
        return Captured.torrefy(Stream.concat(Stream.of("quickstart"), options.values().stream())
                .toArray());
    }

    private static String out(Path folder) {
        return "--out=" + folder;
    }

    @Test
    void aRunLeavesEverythingThatTheOtherCommandsNeed() throws IOException {
        Path run = folder.resolve("run");
        Captured result = quickstart(out(run));
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

        Captured evaluated = Captured.torrefy("evaluate", "--run", run, "--corpus", corpus);
        assertEquals(0, evaluated.code(), evaluated.err());
        assertTrue(evaluated.out().contains("bits a byte"), evaluated.out());
    }

    @Test
    void theWeightsDoNotDependOnTheNumberOfThreads() throws IOException {
        Path one = folder.resolve("one");
        Path two = folder.resolve("two");
        assertEquals(0, quickstart("--threads=1", out(one)).code());
        assertEquals(0, quickstart("--threads=2", out(two)).code());
        assertArrayEquals(
                Files.readAllBytes(one.resolve("model.safetensors")),
                Files.readAllBytes(two.resolve("model.safetensors")));
        Path otherSeed = folder.resolve("seed");
        assertEquals(0, quickstart("--seed=2", out(otherSeed)).code());
        assertFalse(Arrays.equals(
                Files.readAllBytes(one.resolve("model.safetensors")),
                Files.readAllBytes(otherSeed.resolve("model.safetensors"))));
    }

    @Test
    void anExistingRunIsReplacedOnlyWhenAskedTo() throws IOException {
        Path run = folder.resolve("run");
        assertEquals(0, quickstart(out(run)).code());
        Files.writeString(run.resolve("notes.txt"), "mine");
        byte[] before = Files.readAllBytes(run.resolve("model.safetensors"));

        Captured refused = quickstart("--seed=5", out(run));
        assertEquals(1, refused.code());
        assertTrue(refused.complaint().contains("--overwrite"), refused.err());
        assertTrue(refused.complaint().contains(run.toString()), refused.err());
        assertArrayEquals(before, Files.readAllBytes(run.resolve("model.safetensors")));

        assertEquals(0, quickstart("--seed=5", out(run), "--overwrite").code());
        assertFalse(Arrays.equals(before, Files.readAllBytes(run.resolve("model.safetensors"))));
        assertEquals("mine", Files.readString(run.resolve("notes.txt")), "other files are not touched");
    }

    @Test
    void aCorpusThatIsMissingEmptyOrBinaryIsNamed() throws IOException {
        Path missing = folder.resolve("nowhere");
        assertFails("nowhere", quickstart(out(folder.resolve("a")), "--corpus=" + missing));

        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertFails("empty", quickstart(out(folder.resolve("b")), "--corpus=" + empty));

        Path binary = folder.resolve("binary.txt");
        Files.write(binary, new byte[5000]);
        assertFails("binary", quickstart(out(folder.resolve("c")), "--corpus=" + binary));

        Path zip = folder.resolve("broken.zip");
        Files.writeString(zip, "this is no archive");
        assertFails("broken.zip", quickstart(out(folder.resolve("d")), "--corpus=" + zip));

        Path gzip = folder.resolve("text.gz");
        Files.writeString(gzip, "not compressed at all");
        assertFails("text.gz", quickstart(out(folder.resolve("e")), "--corpus=" + gzip));
    }

    @Test
    void aCorpusTooSmallForOneBatchSaysHowMuchIsNeeded() throws IOException {
        Path small = SmallCorpus.write(folder.resolve("small"), 3);
        Captured result = quickstart(out(folder.resolve("run")), "--corpus=" + small, "--context=512", "--batch=4");
        assertFails("--batch", result);
        assertTrue(result.complaint().contains("2560"), result.err());
    }

    @Test
    void aModelLargerThanTheHeapIsRefusedBeforeAnythingIsRead() {
        Captured result = quickstart(out(folder.resolve("run")), "--width=16384", "--layers=64", "--corpus=unread");
        assertFails("-Xmx", result);
        assertFalse(Files.exists(folder.resolve("run")));
    }

    @Test
    void aPlanIsShownAndNothingIsDone() {
        Captured fits = quickstart(out(folder.resolve("run")), "--plan-only");
        assertEquals(0, fits.code(), fits.err());
        assertTrue(fits.out().startsWith("fits as wanted"), fits.out());
        assertFalse(Files.exists(folder.resolve("run")));
    }

    /// A batch whose activations are larger than any heap of a test: half a terabyte.
    @Test
    void aBatchLargerThanTheHeapIsCutIntoMicroBatches() {
        Captured cut = quickstart("--plan-only", "--batch=262144", "--width=256", "--context=256");
        assertEquals(0, cut.code(), cut.err());
        assertTrue(cut.out().contains("micro-batches of"), cut.out());
    }

    @Test
    void argumentsThatMakeNoSenseAreNamed() {
        assertUsage("--wdith", quickstart("--wdith=12"));
        assertUsage("--steps", quickstart("--steps=many"));
        assertUsage("frobnicate", Captured.torrefy("frobnicate"));
        assertUsage("--prompt", Captured.torrefy("generate", "--run", folder));
        assertFails("--minutes", quickstart("--minutes=3"));
        assertFails("heads", quickstart("--heads=5"));
        assertFails("--vocab", quickstart("--vocab=100"));
        assertFails("--threads", quickstart("--threads=0"));
        assertUsage("gpu", quickstart("--backend=gpu"));
        assertUsage("no devices", quickstart("--backend=vector", "--device=0"));
        assertUsage("BF16", quickstart("--backend=vector", "--precision=bf16"));
        assertUsage("--precision", quickstart("--precision=fp8"));
        assertFails("temperature", Captured.torrefy("generate", "--run", folder, "--prompt=x", "--temperature=-1"));
        assertFails("--run", Captured.torrefy("generate", "--run", folder.resolve("none"), "--prompt=x"));
    }

    @Test
    void helpIsEverywhere() {
        for (String command : List.of("quickstart", "generate", "evaluate", "lockstep", "tune", "info")) {
            Captured help = Captured.torrefy(command, "--help");
            assertEquals(0, help.code());
            assertTrue(help.out().contains("--backend"), command + ": " + help.out());
        }
        assertTrue(Captured.torrefy("--help").out().contains("quickstart"));
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

    private static void assertFails(String named, Captured result) {
        assertEquals(1, result.code(), result.out() + result.err());
        assertTrue(result.complaint().contains(named), named + " in " + result.err());
    }

    private static void assertUsage(String named, Captured result) {
        assertEquals(2, result.code(), result.out() + result.err());
        assertTrue(result.complaint().contains(named), named + " in " + result.err());
    }
}
