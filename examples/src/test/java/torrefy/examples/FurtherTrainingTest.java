package torrefy.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.core.data.TokenShard;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.checkpoint.HuggingFaceFolder;
import torrefy.model.generation.Generator;
import torrefy.model.generation.Sampler;
import torrefy.tokenizer.BpeConfig;
import torrefy.tokenizer.BpeTrainer;
import torrefy.tokenizer.Tokenizer;
import torrefy.tokenizer.TokenizerJson;

/// `quickstart --from`: a model that is there is trained further, on other text.
class FurtherTrainingTest {

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static Path base;

    @BeforeAll
    static void trainABase() throws IOException {
        Path run = shared.resolve("run");
        base = shared.resolve("base");
        succeeded(
                "quickstart --backend=scalar --architecture=llama --kv-heads=1 --steps=60 --vocab=300 --layers=1 --width=16 --heads=2"
                        + " --context=16 --batch=4 --learning-rate=0.01 --corpus=" + SmallCorpus.SHARED + " --out="
                        + run);
        // As it would come from elsewhere.
        succeeded("export --run=" + run + " --to=huggingface --out=" + base);
    }

    private static String succeeded(String line) {
        return Captured.line(line).succeeded().out();
    }

    private static String further(String options) {
        return "quickstart --backend=scalar --from=" + base + " --corpus=" + SmallCorpus.SHARED
                + " --steps=6 --checkpoint-every=2 --batch=2 " + options;
    }

    private static double loss(String evaluated) {
        Matcher loss = Pattern.compile("loss ([0-9.]+) nats").matcher(evaluated);
        assertTrue(loss.find(), evaluated);
        return Double.parseDouble(loss.group(1));
    }

    @Test
    void aModelIsTrainedFurtherWithItsTokenizerAndTheRunGoesOnAfterAnInterruption() throws IOException {
        Path run = folder.resolve("run");
        String said = succeeded(further("--out=" + run));
        assertTrue(said.contains("Llama with ") && said.contains("width 16, context 16"), said);
        assertFalse(said.contains("tokenizer of"), "no tokenizer is trained");
        assertEquals(
                TokenizerJson.read(base.resolve("tokenizer.json")).fingerprint(),
                TokenizerJson.read(run.resolve("tokenizer.json")).fingerprint());
        List<String> metrics = Files.readAllLines(run.resolve("metrics.jsonl"));
        double first = Double.parseDouble(metrics.getFirst().replaceFirst(".*\"loss\":([0-9.]+),.*", "$1"));
        double before = loss(succeeded("evaluate --run=" + base + " --corpus=" + SmallCorpus.SHARED));
        assertEquals(before, first, 1, "it begins where the other ended; a new model begins at " + Math.log(300));
        assertTrue(before < Math.log(300) - 1.5, "and the other had learned something: " + before);

        byte[] weights = Files.readAllBytes(run.resolve("model.safetensors"));
        Files.delete(run.resolve("model.safetensors"));
        Files.delete(run.resolve("checkpoints/step-000006.safetensors"));
        String resumed = succeeded(further("--resume --out=" + run));
        assertTrue(resumed.contains("the run goes on after step 4"), resumed);
        assertArrayEquals(weights, Files.readAllBytes(run.resolve("model.safetensors")));

        Captured other = Captured.line(further("--resume --out=" + run).replace("--from=" + base, "--from=" + run));
        other.assertRefused(1, "is the folder of --from");
        Captured none = Captured.line(
                "quickstart --steps=6 --vocab=300 --corpus=" + SmallCorpus.SHARED + " --resume --out=" + run);
        none.assertRefused(1, "from was " + base + ", is now nothing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--vocab=301|--vocab 301 contradicts the model in DIR, which has 300",
                "--layers=2|--layers 2 contradicts the model in DIR, which has 1",
                "--width=32|--width 32 contradicts",
                "--heads=4|--heads 4 contradicts",
                "--kv-heads=2|--kv-heads 2 contradicts",
                "--architecture=gpt2|--architecture gpt2 contradicts the model in DIR, which has llama",
                "--qk-norm|--qk-norm contradicts",
                "--untied-head|--untied-head contradicts",
                "--context=17|--context 17 is more than the model in DIR can look back on, which is 16",
                "--from=nowhere|nowhere: no such folder; --from takes",
            })
    void whatContradictsTheModelIsOneLine(String option, String complaint) {
        Path run = folder.resolve("run");
        String line = further("--out=" + run);
        Captured refused = Captured.line(
                option.startsWith("--from") ? line.replaceFirst("--from=\\S+", option) : line + " " + option);
        refused.assertRefused(1, complaint.replace("DIR", base.toString()));
        assertFalse(Files.exists(run), "and nothing is begun");
    }

    /// As Llama 3's does, its tokenizer puts a mark before every text: documents and prompts begin with it.
    @Test
    void aBeginningThatTheTokenizerAsksForStandsBeforeDocumentsAndPrompts() throws IOException {
        Path llama = Files.createDirectory(folder.resolve("llama"));
        BpeTrainer trainer =
                new BpeTrainer(BpeConfig.of(280).withSpecialTokens(List.of("<|begin_of_text|>", "<|end_of_text|>")));
        trainer.add("the boat on the river".repeat(5));
        Tokenizer trained = trainer.train();
        int begin = trained.specialTokens().id("<|begin_of_text|>");
        TokenizerJson.write(trained.withBeginning(begin), llama.resolve("tokenizer.json"));
        try (Backend backend = Backends.create("scalar", 1)) {
            TransformerConfig config = TransformerConfig.llama(trained.vocabularySize(), 16, 1, 2, 1, 16, 32);
            HuggingFaceFolder.save(new Transformer(config, backend, 3), trained.endOfText(), llama);
        }
        Path run = folder.resolve("run");
        succeeded(further("--out=" + run).replace("--from=" + base, "--from=" + llama));
        try (TokenShard shard = TokenShard.open(run.resolve("train.bin"))) {
            int[] tokens = new int[(int) shard.length()];
            shard.read(0, tokens, 0, tokens.length);
            assertEquals(begin, tokens[0]);
            for (int i = 1; i < tokens.length; i++) {
                assertEquals(tokens[i - 1] == trained.endOfText(), tokens[i] == begin, "token " + i);
            }
        }
        String config = Files.readString(run.resolve("config.json"));
        assertTrue(config.contains("\"bos_token_id\" : " + begin), config);
        String written =
                succeeded("generate --run=" + run + " --prompt=the --tokens=10 --temperature=0 --backend=scalar");
        try (Backend backend = Backends.create("scalar", 1)) {
            int[] prompt = IntStream.concat(IntStream.of(begin), IntStream.of(trained.encode("the")))
                    .toArray();
            List<Integer> tokens = new ArrayList<>();
            new Generator(HuggingFaceFolder.load(run, backend), Sampler.greedy(), 1).generate(prompt, 10, tokens::add);
            String expected = trained.decodeText(tokens.stream()
                    .takeWhile(token -> token != trained.endOfText())
                    .mapToInt(Integer::intValue)
                    .toArray());
            assertEquals("the" + expected, written.stripTrailing());
        }
        succeeded("export --run=" + run + " --to=gguf --out=" + folder.resolve("model.gguf"));
    }

    @Test
    void aTokenizerWithoutAnEndOfTextIsRefusedBeforeAnythingIsRead() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        for (String file : new String[] {"config.json", "model.safetensors"}) {
            Files.copy(base.resolve(file), other.resolve(file));
        }
        String tokenizer = Files.readString(base.resolve("tokenizer.json"));
        Files.writeString(other.resolve("tokenizer.json"), tokenizer.replace("<|endoftext|>", "<pad>"));
        Captured refused =
                Captured.line(further("--out=" + folder.resolve("run")).replace("--from=" + base, "--from=" + other));
        refused.assertRefused(1, other + ": texts have no end that could be learned");
    }

    @Test
    void sizesThatAgreeMayBeGivenAndTheContextMayBeShorter() {
        String plan =
                succeeded(further("--layers=1 --heads=2 --kv-heads=1 --architecture=llama --context=8 --plan-only"));
        assertTrue(plan.startsWith("fits as wanted"), plan);
    }
}
