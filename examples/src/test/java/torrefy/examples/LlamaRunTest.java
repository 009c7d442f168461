package torrefy.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A model of Llama's family from raw text to other programs' files.
class LlamaRunTest {

    private static final String SMALL =
            "quickstart --backend=scalar --architecture=llama --steps=6 --checkpoint-every=2"
                    + " --vocab=300 --layers=1 --width=32 --heads=4 --context=16 --batch=2";

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static Path corpus;

    @BeforeAll
    static void writeCorpus() throws IOException {
        corpus = SmallCorpus.write(shared.resolve("corpus"), 60);
    }

    private static Captured torrefy(String line) {
        return Captured.torrefy((Object[]) line.split(" +"));
    }

    private static Captured quickstart(String options) {
        return torrefy(SMALL + " --corpus=" + corpus + " " + options);
    }

    private static String succeeded(String line) {
        Captured result = torrefy(line);
        assertEquals(0, result.code(), line + ": " + result.err());
        return result.out();
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
        assertEquals(1, other.code(), other.out());
        assertTrue(other.complaint().contains("model.attention.keyValueHeads was "), other.err());

        Path there = folder.resolve("there");
        succeeded("export --run=" + run + " --to=huggingface --out=" + there);
        String text = succeeded("generate --prompt=The --tokens=20 --run=" + run);
        assertEquals(text, succeeded("generate --prompt=The --tokens=20 --run=" + there));
        assertEquals(
                succeeded("evaluate --corpus=" + corpus + " --run=" + run),
                succeeded("evaluate --corpus=" + corpus + " --run=" + there));
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
        String first = options.split(" ")[0].replaceFirst("=.*", "");
        Path run = folder.resolve("run");
        String others = Stream.of(SMALL.split(" "))
                .filter(option -> !option.startsWith(first + "="))
                .reduce("", (line, option) -> line.isEmpty() ? option : line + " " + option);
        Captured refused = torrefy(others + " --corpus=" + corpus + " --out=" + run + " " + options);
        assertEquals(1, refused.code(), refused.out());
        assertTrue(refused.complaint().contains(complaint), refused.err());
        assertFalse(Files.exists(run), "and nothing is begun");
    }

    @Test
    void aFamilyThatIsNotKnownIsRefused() {
        Captured refused = torrefy("quickstart --architecture=bert");
        assertEquals(2, refused.code());
        assertTrue(refused.complaint().contains("GPT2, LLAMA"), refused.err());
    }

    @Test
    void aPlanIsMadeForALlama() {
        String small = "plan --calibration=0.1 --vocab=300 --layers=1 --width=32 --heads=2 --context=16 --batch=4 ";
        String plan = succeeded(small + "--architecture=llama --kv-heads=1 --out=" + folder);
        // 300·32 + 2·32² + 2·32·16 + 3·32·96 + 3·32: table, queries and projection, keys and values, SwiGLU, norms
        assertTrue(plan.contains("21,984"), plan);
        Captured budget = torrefy("plan --hours=1 --architecture=llama --out=" + folder);
        assertEquals(1, budget.code());
        assertTrue(budget.complaint().contains("leave out"), budget.err());
    }
}
