package torrefy.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From `corpus build` to a model.
class BuiltCorpusTest {

    @TempDir
    Path folder;

    private Path built;

    @BeforeEach
    void build() throws IOException {
        built = folder.resolve("built");
        Path input = Files.createDirectories(folder.resolve("input"));
        for (int i = 0; i < 30; i++) {
            Files.writeString(input.resolve("text" + i + ".txt"), ("The " + i + "th of all. ").repeat(5 + i));
        }
        succeeded(
                "corpus",
                "build",
                "--input",
                input,
                "--out",
                built,
                "--vocabulary=280",
                "--validation=0.3",
                "--filters=none",
                "--similarity=1",
                "--shard-tokens=400");
    }

    private static Captured succeeded(Object... arguments) {
        return Captured.torrefy(arguments).succeeded();
    }

    private static Object[] quickstart(Object... more) {
        Object[] small = {
            "quickstart",
            "--steps=4",
            "--layers=1",
            "--width=16",
            "--heads=2",
            "--context=8",
            "--batch=8",
            "--backend=scalar"
        };
        return Stream.of(small, more).flatMap(Arrays::stream).toArray();
    }

    @Test
    void itsTokensAreTrainedOnAsTheyAre() throws IOException {
        Path run = folder.resolve("run");
        Captured trained = succeeded(quickstart("--corpus", built, "--out", run));
        assertTrue(trained.out().contains("was built by 'corpus build'"), trained.out());
        assertEquals(
                Files.readString(built.resolve("tokens/tokenizer.json")),
                Files.readString(run.resolve("tokenizer.json")));
        // Shards begin with a header of 1024 bytes.
        byte[] all = Files.readAllBytes(run.resolve("train.bin"));
        byte[] first = Files.readAllBytes(built.resolve("tokens/train-00000.bin"));
        assertTrue(Files.exists(built.resolve("tokens/train-00001.bin")), "several shards");
        assertTrue(all.length > first.length, "all shards");
        assertArrayEquals(Arrays.copyOfRange(first, 1024, first.length), Arrays.copyOfRange(all, 1024, first.length));
        Captured evaluated = succeeded(
                "evaluate",
                "--run",
                run,
                "--corpus",
                folder.resolve("input"),
                "--backend=scalar",
                "--within-documents");
        assertTrue(evaluated.out().contains("bits a byte"), evaluated.out());
    }

    @Test
    void attentionWithinDocumentsMakesAnotherModelAndGoesOnOnlyAsItWas() throws IOException {
        Path across = folder.resolve("across");
        Path within = folder.resolve("within");
        succeeded(quickstart("--corpus", built.resolve("tokens"), "--out", across));
        succeeded(quickstart("--corpus", built.resolve("tokens"), "--out", within, "--within-documents"));
        assertNotEquals(
                Arrays.hashCode(Files.readAllBytes(across.resolve("model.safetensors"))),
                Arrays.hashCode(Files.readAllBytes(within.resolve("model.safetensors"))));
        Captured resumed =
                Captured.torrefy(quickstart("--corpus", built.resolve("tokens"), "--out", within, "--resume"));
        assertEquals(1, resumed.code());
        assertTrue(resumed.err().contains("attention was within documents"), resumed.err());
    }

    @Test
    void aModelWithOtherTokensIsNotTrainedOnIt() {
        Path other = folder.resolve("other");
        succeeded(quickstart("--corpus", folder.resolve("input"), "--out", other, "--vocab=290"));
        Captured further = Captured.torrefy(
                "quickstart",
                "--steps=1",
                "--from",
                other,
                "--corpus",
                built,
                "--out",
                folder.resolve("further"),
                "--backend=scalar");
        assertEquals(1, further.code());
        assertTrue(further.err().contains("its tokens are not those of the model to train further"), further.err());
    }

    @Test
    void anotherVocabularyThanItsOwnIsRefused() {
        Path run = folder.resolve("run");
        Captured other = Captured.torrefy(quickstart("--corpus", built, "--out", run, "--vocab=290"));
        other.assertRefused(1, "--vocab 290 contradicts the corpus in " + built + ", which has 280");
        assertFalse(Files.exists(run));
        succeeded(quickstart("--corpus", built, "--out", run, "--vocab=280"));
    }

    @Test
    void aPlanForItCountsItsOwnVocabulary() {
        Captured own = succeeded(quickstart("--corpus", built, "--plan-only"));
        Captured same = succeeded(quickstart("--corpus", folder.resolve("input"), "--vocab=280", "--plan-only"));
        Captured usual = succeeded(quickstart("--corpus", folder.resolve("input"), "--plan-only"));
        assertEquals(same.out(), own.out());
        assertNotEquals(usual.out(), own.out());
    }

    @Test
    void whereRawTextIsReadItIsRefused() {
        Path run = folder.resolve("run");
        succeeded(quickstart("--corpus", built, "--out", run));
        for (Path path : List.of(built, built.resolve("tokens"))) {
            for (Captured refused : List.of(
                    Captured.torrefy("evaluate", "--run", run, "--corpus", path, "--backend=scalar"),
                    Captured.torrefy("tokenizer", "train", path, "--out", folder.resolve("t.json")),
                    Captured.torrefy("tokenizer", "stats", "-t", run.resolve("tokenizer.json"), "--corpus", path),
                    Captured.torrefy("corpus", "build", "--input", path, "--out", folder.resolve("again")))) {
                refused.assertRefused(1, path + ": holds a corpus that corpus build made");
            }
        }
        assertFalse(Files.exists(folder.resolve("t.json")));
        assertFalse(Files.exists(folder.resolve("again")));
    }

    /// As a kill leaves it: while the second stage was at work, or after all stages and before the report.
    @Test
    void oneThatIsNotFinishedIsNeitherTrainedOnNorTakenForText() throws IOException {
        Path run = folder.resolve("run");
        Path rawRun = folder.resolve("raw");
        succeeded(quickstart("--corpus", folder.resolve("input"), "--out", rawRun, "--vocab=280"));
        Files.delete(built.resolve("report.txt"));
        Path early =
                Files.createDirectories(folder.resolve("early/.1-read.tmp")).getParent();
        for (Path path : List.of(built, built.resolve("tokens"), early)) {
            for (Captured refused : List.of(
                    Captured.torrefy(quickstart("--corpus", path, "--out", run)),
                    Captured.torrefy("evaluate", "--run", rawRun, "--corpus", path, "--backend=scalar"),
                    Captured.torrefy("tokenizer", "train", path, "--out", folder.resolve("t.json")))) {
                refused.assertRefused(1, "this corpus is not finished");
                assertTrue(refused.complaint().contains("corpus build again"), refused.err());
            }
        }
        assertFalse(Files.exists(run));
        assertFalse(Files.exists(folder.resolve("t.json")));
    }

    @Test
    void oneWithoutHeldOutTextSaysSo() throws IOException {
        try (Stream<Path> files = Files.list(built.resolve("tokens"))) {
            for (Path file : files.toList()) {
                if (file.getFileName().toString().startsWith("validation")) {
                    Files.delete(file);
                }
            }
        }
        Captured run = Captured.torrefy(quickstart("--corpus", built, "--out", folder.resolve("run")));
        assertEquals(1, run.code());
        assertTrue(run.err().contains("holds no text to validate on"), run.err());
    }
}
