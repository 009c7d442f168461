package torrefy.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.checkpoint.HuggingFaceFolder;
import torrefy.tokenizer.BpeConfig;
import torrefy.tokenizer.BpeTrainer;
import torrefy.tokenizer.Tokenizer;
import torrefy.tokenizer.TokenizerJson;

/// `export` and `import`.
class TravelTest {

    @TempDir
    Path folder;

    private Path run;
    private Tokenizer tokenizer;

    @BeforeEach
    void makeARun() throws IOException {
        run = Files.createDirectory(folder.resolve("run"));
        BpeTrainer trainer = new BpeTrainer(BpeConfig.of(280));
        trainer.add("low lower lowest, newer newest wider widest ".repeat(5));
        tokenizer = trainer.train();
        TokenizerJson.write(tokenizer, run.resolve("tokenizer.json"));
        save(TransformerConfig.gpt2(280, 16, 1, 2, 32));
    }

    private void save(TransformerConfig config) throws IOException {
        try (Backend backend = Backends.create("scalar", 1)) {
            HuggingFaceFolder.save(new Transformer(config, backend, 1), tokenizer.endOfText(), run);
        }
    }

    private Captured export(String form, Path out, String type) {
        return Captured.torrefy("export", "--run", run, "--to", form, "--out", out, "--type", type);
    }

    private String generated(Path from) {
        Captured text = Captured.torrefy(
                "generate", "--run", from, "--prompt", "low", "--tokens", 5, "--temperature", 0, "--backend", "scalar");
        assertEquals(0, text.code(), text.err());
        return text.out();
    }

    @Test
    void aFolderForOthersIsAFolderForUs() {
        Path out = folder.resolve("there");
        Captured exported = export("huggingface", out, "f32");
        assertEquals(0, exported.code(), exported.err());
        assertEquals(generated(run), generated(out));
        assertTrue(Files.exists(out.resolve("tokenizer_config.json")));
        Path back = folder.resolve("back");
        assertEquals(0, Captured.torrefy("import", out, "--out", back).code());
        assertEquals(generated(run), generated(back));
    }

    @Test
    void aCheckpointOfLlmCGoesAndComesBack() {
        Path out = folder.resolve("model.bin");
        assertEquals(0, export("llmc", out, "f32").code());
        assertTrue(Files.exists(folder.resolve("model_tokenizer.bin")));
        Path back = folder.resolve("back");
        assertTrue(Captured.torrefy("import", out, "--out", back)
                .complaint()
                .contains("has no tokenizer in it: name it with --tokenizer"));
        Captured imported = Captured.torrefy("import", out, "-t", run.resolve("tokenizer.json"), "--out", back);
        assertEquals(0, imported.code(), imported.err());
        assertEquals(generated(run), generated(back));
    }

    @ParameterizedTest
    @CsvSource({"f32, 1", "f16, 2", "q8_0, 4"})
    void aGgufFileHasModelAndTokenizer(String type, int smaller) throws IOException {
        save(TransformerConfig.llama(300, 16, 1, 2, 1, 32, 64));
        Path out = folder.resolve("model.gguf");
        Captured exported = export("gguf", out, type);
        assertEquals(0, exported.code(), exported.err());
        byte[] bytes = Files.readAllBytes(out);
        assertEquals("GGUF", new String(Arrays.copyOf(bytes, 4), StandardCharsets.US_ASCII));
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        for (String part : new String[] {"llama.block_count", "<|endoftext|>", "[unused 299]", "llama-bpe"}) {
            assertTrue(text.contains(part), part);
        }
        double weights = bytes.length - text.indexOf("output.weight");
        assertEquals(1.0 / smaller, weights / (4 * 26_000), 0.15);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gguf | bf16 | --to gguf has no --type bf16",
                "llmc | f16 | checkpoints of llm.c are F32 or BF16, not F16",
                "llmc | q8_0 | --to llmc has no --type q8_0",
                "huggingface | q8_0 | --to huggingface has no --type q8_0",
            })
    void aFormWithoutThatTypeIsRefused(String form, String type, String why) {
        Path out = folder.resolve("refused");
        assertEquals("torrefy: " + why, export(form, out, type).complaint());
        assertTrue(Files.notExists(out));
    }

    @Test
    void mistakesAreNamedInOneLine() throws IOException {
        Path there = Files.createFile(folder.resolve("there"));
        assertEquals(
                "torrefy: " + there + ": exists already; choose another --out",
                export("gguf", there, "f32").complaint());
        assertTrue(export("onnx", folder.resolve("x"), "f32").complaint().contains("onnx"));
        save(TransformerConfig.llama(280, 16, 1, 2, 1, 32, 64));
        assertTrue(
                export("llmc", folder.resolve("x"), "f32").complaint().startsWith("torrefy: llm.c knows GPT-2 alone"));
        Captured.torrefy("import", folder.resolve("none"), "--out", folder.resolve("x"))
                .assertRefused(1, folder.resolve("none") + ": no such folder, and no such checkpoint");
        assertFalse(Files.exists(folder.resolve("x")));
    }
}
