package torrefy.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A model of Llama's family from raw text to other programs' files.
class LlamaRunTest {

    @TempDir
    Path folder;

    private static Captured quickstart(String options) {
        String llama = "--backend=scalar --architecture=llama --width=32 --heads=4 --checkpoint-every=2 ";
        return SmallRun.quickstart((llama + options).split(" +"));
    }

    private static String succeeded(String line) {
        return Captured.line(line).succeeded().out();
    }

    @ParameterizedTest
    @CsvSource({"--kv-heads=2, llama, true", "--kv-heads=1 --qk-norm --untied-head, qwen3, false"})
    void aRunIsTrainedResumedExportedAndUsed(String options, String kind, boolean tied) throws IOException {
        Path run = folder.resolve("run");
        Captured trained = quickstart(options + " --out=" + run);
        assertEquals(0, trained.code(), trained.err());
        assertTrue(trained.out().contains("Llama with "), trained.out());
        assertTrue(trained.out().contains("4 heads that share "), trained.out());
        String config = Files.readString(run.resolve("config.json"));
        assertTrue(config.contains('"' + kind + '"'), config);
        assertTrue(config.contains("\"tie_word_embeddings\" : " + tied), config);

        byte[] weights = Files.readAllBytes(run.resolve("model.safetensors"));
        Files.delete(run.resolve("model.safetensors"));
        Files.delete(run.resolve("checkpoints/step-000006.safetensors"));
        Captured resumed = quickstart(options + " --out=" + run + " --resume");
        assertEquals(0, resumed.code(), resumed.err());
        assertTrue(resumed.out().contains("the run goes on after step 4"), resumed.out());
        assertArrayEquals(weights, Files.readAllBytes(run.resolve("model.safetensors")));
        Captured other = quickstart(options.replaceFirst("--kv-heads=.", "") + " --out=" + run + " --resume");
        other.assertRefused(1, "model.attention.keyValueHeads was ");

        Path there = folder.resolve("there");
        succeeded("export --run=" + run + " --to=huggingface --out=" + there);
        String text = succeeded("generate --prompt=The --tokens=20 --run=" + run);
        assertEquals(text, succeeded("generate --prompt=The --tokens=20 --run=" + there));
        assertEquals(
                succeeded("evaluate --corpus=" + SmallCorpus.SHARED + " --run=" + run),
                succeeded("evaluate --corpus=" + SmallCorpus.SHARED + " --run=" + there));
        Path gguf = folder.resolve("model.gguf");
        succeeded("export --run=" + run + " --to=gguf --out=" + gguf);
        String file = Files.readString(gguf, StandardCharsets.ISO_8859_1);
        assertTrue(file.contains(kind + ".attention.head_count_kv"), kind);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--kv-heads=3|4 heads do not share 3 key-value heads evenly",
                "--kv-heads=0|key-value heads must be at least 1",
                "--heads=32|the head size must be even, got 1",
                "--architecture=gpt2 --kv-heads=2|--kv-heads is for models of Llama's family",
                "--architecture=gpt2 --qk-norm|--qk-norm is for models of Llama's family",
                "--architecture=gpt2 --untied-head|--untied-head is for models of Llama's family",
            })
    void whatMakesNoModelIsOneLine(String options, String complaint) {
        Path run = folder.resolve("run");
        quickstart(options + " --out=" + run).assertRefused(1, complaint);
        assertFalse(Files.exists(run), "and nothing is begun");
    }

    @Test
    void aFamilyThatIsNotKnownIsRefused() {
        Captured.line("quickstart --architecture=bert").assertRefused(2, "GPT2, LLAMA");
    }

    @Test
    void aPlanIsMadeForALlama() {
        String small = "plan --calibration=0.1 --vocab=300 --layers=1 --width=32 --heads=2 --context=16 --batch=4 ";
        String plan = succeeded(small + "--architecture=llama --kv-heads=1 --out=" + folder);
        // 300·32 + 2·32² + 2·32·16 + 3·32·96 + 3·32: table, queries and projection, keys and values, SwiGLU, norms
        assertTrue(plan.contains("21,984"), plan);
        Captured.line("plan --hours=1 --architecture=llama --out=" + folder).assertRefused(1, "leave out");
    }
}
