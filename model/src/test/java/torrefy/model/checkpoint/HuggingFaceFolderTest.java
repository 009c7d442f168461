package torrefy.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.core.memory.Bfloat16;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.model.EveryBackend;
import torrefy.model.Snapshot;
import torrefy.model.architecture.Storage;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.tensor.Parameter;
import torrefy.tensor.Tensor;

class HuggingFaceFolderTest {

    private static final TransformerConfig CONFIG = TransformerConfig.gpt2(31, 7, 2, 2, 12, 0.1f);

    private final Backend backend = Backends.standard();
    private final Transformer model = new Transformer(CONFIG, backend, 5);

    @TempDir
    Path folder;

    @BeforeEach
    void save() throws IOException {
        HuggingFaceFolder.save(model, 30, folder);
    }

    @EveryBackend
    void whatWasSavedIsLoadedToTheBit(String name) throws IOException {
        try (Backend other = Backends.create(name, 2)) {
            Transformer loaded = HuggingFaceFolder.load(folder, other);
            assertEquals(CONFIG, loaded.config());
            assertEquals(CONFIG, HuggingFaceFolder.loadConfig(folder));
            new Snapshot(model).assertSame(new Snapshot(loaded));
        }
        assertEquals(List.of("config.json", "model.safetensors"), files());
    }

    /// The names and shapes in Hugging Face's files for GPT-2, and nothing else.
    @Test
    void theWeightsHaveTheNamesOfGpt2() throws IOException {
        try (SafetensorsReader reader = SafetensorsReader.open(folder.resolve(HuggingFaceFolder.WEIGHTS))) {
            assertEquals(2 + 2 * 12 + 2, reader.names().size());
            assertEquals("pt", reader.metadata().get("format"));
            assertEquals("(31, 12)", reader.tensor("wte.weight").shape().toString());
            assertEquals("(7, 12)", reader.tensor("wpe.weight").shape().toString());
            assertEquals(
                    "(12, 36)", reader.tensor("h.1.attn.c_attn.weight").shape().toString());
            assertEquals(
                    "(12, 12)", reader.tensor("h.0.attn.c_proj.weight").shape().toString());
            assertEquals(
                    "(12, 48)", reader.tensor("h.0.mlp.c_fc.weight").shape().toString());
            assertEquals(
                    "(48, 12)", reader.tensor("h.0.mlp.c_proj.weight").shape().toString());
            assertEquals("(12)", reader.tensor("ln_f.bias").shape().toString());
        }
    }

    @Test
    void namesBeforeWhichTransformerStandsAreReadToo() throws IOException {
        rewrite(name -> "transformer." + name, StoredType.F32);
        new Snapshot(model).assertSame(new Snapshot(HuggingFaceFolder.load(folder, backend)));
    }

    /// 8 bits of mantissa: each weight is within 2⁻⁸ of itself.
    @Test
    void weightsStoredAsBfloat16AreRead() throws IOException {
        rewrite(name -> name, StoredType.BF16);
        Transformer loaded = HuggingFaceFolder.load(folder, backend);
        for (Parameter parameter : model.parameters().all()) {
            float[] expected = parameter.toFloats();
            float[] actual = loaded.parameters().get(parameter.name()).toFloats();
            for (int i = 0; i < expected.length; i++) {
                assertEquals(expected[i], actual[i], Math.abs(expected[i]) / 256);
            }
        }
    }

    /// Each type of file into a model of each type: what fits comes back to the bit, what does not is rounded.
    @EveryBackend
    void aModelOfBfloat16IsSavedAsSuchAndReadAsEither(String name) throws IOException {
        Storage half = new Storage(DataType.BF16, DataType.F32, DataType.F32);
        try (Backend other = Backends.create(name, 2)) {
            Transformer stored = new Transformer(CONFIG, other, 5, half);
            HuggingFaceFolder.save(stored, 30, folder);
            try (SafetensorsReader reader = SafetensorsReader.open(folder.resolve(HuggingFaceFolder.WEIGHTS))) {
                assertEquals(StoredType.BF16, reader.tensor("wte.weight").type());
                assertEquals(StoredType.F32, reader.tensor("ln_f.weight").type());
            }
            assertTrue(Files.readString(folder.resolve(HuggingFaceFolder.CONFIG))
                    .contains("\"torch_dtype\" : \"bfloat16\""));
            new Snapshot(stored).assertSame(new Snapshot(HuggingFaceFolder.load(folder, other, half)));
            new Snapshot(stored).assertSame(new Snapshot(HuggingFaceFolder.load(folder, other)));

            HuggingFaceFolder.save(model, 30, folder);
            assertFalse(
                    Files.readString(folder.resolve(HuggingFaceFolder.CONFIG)).contains("torch_dtype"));
            Transformer rounded = HuggingFaceFolder.load(folder, other, half);
            for (Parameter parameter : rounded.parameters().all()) {
                float[] floats = model.parameters().get(parameter.name()).toFloats();
                float[] actual = parameter.toFloats();
                for (int i = 0; i < floats.length; i++) {
                    boolean isStored = parameter.type() == DataType.BF16;
                    assertEquals(isStored ? Bfloat16.toFloat(Bfloat16.fromFloat(floats[i])) : floats[i], actual[i]);
                }
            }
        }
    }

    /// Writes the weights anew. A name that becomes empty is left out.
    private void rewrite(UnaryOperator<String> rename, StoredType type) throws IOException {
        List<SafetensorsWriter.Entry> entries = new ArrayList<>();
        for (Parameter parameter : model.parameters().all()) {
            String name = rename.apply(parameter.name());
            if (!name.isEmpty()) {
                entries.add(new SafetensorsWriter.Entry(name, type, parameter.data()));
            }
        }
        SafetensorsWriter.write(folder.resolve(HuggingFaceFolder.WEIGHTS), Map.of(), entries);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wte.weight", "wpe.weight", "h.0.mlp.c_fc.bias", "h.1.ln_1.weight", "ln_f.weight"})
    void aMissingTensorIsNamed(String missing) throws IOException {
        rewrite(name -> name.equals(missing) ? "" : name, StoredType.F32);
        assertRefused(HuggingFaceFolder.WEIGHTS, "tensor '" + missing + "' is missing");
    }

    @ParameterizedTest
    @CsvSource({
        "vocab_size, 32, wte.weight, '(31, 12), the model wants (32, 12)'",
        "n_positions, 6, wpe.weight, '(7, 12), the model wants (6, 12)'",
        "n_embd, 24, wte.weight, '(31, 12), the model wants (31, 24)'",
    })
    void aShapeThatIsNotTheConfigurationsIsNamed(String key, int value, String tensor, String shapes)
            throws IOException {
        changeConfig(key, Integer.toString(value));
        assertRefused(HuggingFaceFolder.WEIGHTS, "tensor '" + tensor + "' has shape " + shapes);
    }

    /// The configuration's word is not enough to take memory for: 10^6 layers of width 12 would be 8 GB.
    @Test
    void layersThatTheFileLacksAreNotMade() throws IOException {
        changeConfig("n_layer", "1000000");
        assertRefused(HuggingFaceFolder.WEIGHTS, "tensor 'h.999999.ln_1.weight' is missing");
    }

    /// The published GPT-2 has masks beside its parameters.
    @Test
    void whatTheFileHasBesideParametersIsIgnored() throws IOException {
        List<SafetensorsWriter.Entry> entries = new ArrayList<>();
        for (Parameter parameter : model.parameters().all()) {
            entries.add(SafetensorsWriter.Entry.of(parameter.name(), parameter.data()));
        }
        entries.add(SafetensorsWriter.Entry.of("h.0.attn.bias", NdArray.of(new float[4], 1, 1, 2, 2)));
        entries.add(SafetensorsWriter.Entry.of("h.1.attn.masked_bias", NdArray.of(new float[1])));
        entries.add(SafetensorsWriter.Entry.of("score.weight", NdArray.of(new float[12], 1, 12)));
        SafetensorsWriter.write(folder.resolve(HuggingFaceFolder.WEIGHTS), Map.of(), entries);
        new Snapshot(model).assertSame(new Snapshot(HuggingFaceFolder.load(folder, backend)));
    }

    /// With a layer less the model would load, and compute something else.
    @Test
    void aParameterThatTheModelHasNoPlaceForIsNamed() throws IOException {
        changeConfig("n_layer", "1");
        assertRefused(HuggingFaceFolder.WEIGHTS, "tensor 'h.1.ln_1.weight' has no place in the model");
    }

    @Test
    void weightsThatAreWholeNumbersAreRefused() throws IOException {
        List<SafetensorsWriter.Entry> entries = new ArrayList<>();
        for (Parameter parameter : model.parameters().all()) {
            NdArray array = parameter.name().equals("h.0.ln_1.bias") ? NdArray.of(new int[12], 12) : parameter.data();
            entries.add(SafetensorsWriter.Entry.of(parameter.name(), array));
        }
        SafetensorsWriter.write(folder.resolve(HuggingFaceFolder.WEIGHTS), Map.of(), entries);
        assertRefused(HuggingFaceFolder.WEIGHTS, "tensor 'h.0.ln_1.bias' is I32");
    }

    /// What fails at the last tensor must not have overwritten the first.
    @Test
    void aModelStaysAsItWasWhenItsFileDoesNotFit() throws IOException {
        rewrite(name -> name.equals("ln_f.bias") ? "" : name, StoredType.F32);
        Transformer other = new Transformer(CONFIG, backend, 6);
        Snapshot before = new Snapshot(other);
        assertThrows(
                MalformedFileException.class,
                () -> HuggingFaceFolder.loadWeights(other, folder.resolve(HuggingFaceFolder.WEIGHTS)));
        before.assertSame(new Snapshot(other));
    }

    @Test
    void loadingBetweenForwardAndBackwardIsNoticed() throws IOException {
        Tensor ids = Tensor.of(backend, new int[] {1, 2, 3}, 1, 3);
        Tensor loss = model.loss(ids, ids, null);
        HuggingFaceFolder.loadWeights(model, folder.resolve(HuggingFaceFolder.WEIGHTS));
        assertThrows(IllegalStateException.class, loss::backward);
    }

    @Test
    void aTruncatedFileIsRefused() throws IOException {
        Path file = folder.resolve(HuggingFaceFolder.WEIGHTS);
        byte[] all = Files.readAllBytes(file);
        for (int length : new int[] {0, 7, 100, all.length / 2, all.length - 1}) {
            Files.write(file, Arrays.copyOf(all, length));
            assertRefused(HuggingFaceFolder.WEIGHTS, "");
        }
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        Files.delete(folder.resolve(HuggingFaceFolder.WEIGHTS));
        assertMessage(
                assertThrows(NoSuchFileException.class, () -> HuggingFaceFolder.load(folder, backend)),
                HuggingFaceFolder.WEIGHTS,
                "no such");
        Files.delete(folder.resolve(HuggingFaceFolder.CONFIG));
        assertMessage(
                assertThrows(NoSuchFileException.class, () -> HuggingFaceFolder.load(folder, backend)),
                HuggingFaceFolder.CONFIG,
                "is " + folder.toAbsolutePath() + " the folder of a model?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model_type|\"bloom\"|has model_type = bloom; only gpt2, llama, mistral, qwen2 and qwen3 can be read",
                "model_type|null|lacks model_type",
                "vocab_size|null|lacks vocab_size",
                "n_embd|\"wide\"|has n_embd = wide, which is not a whole number",
                "n_layer|2.5|has n_layer = 2.5, which is not a whole number",
                "n_layer|99999999999|has n_layer = 99999999999, which is not a whole number",
                "n_layer|[1]|has n_layer = [1], which should be a single value",
                "n_head|5|describes no model: width 12 does not divide into 5 heads",
                "vocab_size|2000000000|describes no model: a model of width 12 with vocabulary 2000000000",
                "resid_pdrop|\"a\\nlot\"|has resid_pdrop = a lot, which is not a number",
                "resid_pdrop|1|describes no model: dropout",
                "activation_function|\"relu\"|has activation_function = relu; only gelu_new can be read",
                "layer_norm_epsilon|0|describes no model: the norm's epsilon must be between 0 and 1, got 0.0",
                "n_inner|0|describes no model: feed-forward width must be at least 1, got 0",
                "tie_word_embeddings|7|has tie_word_embeddings = 7, which is neither true nor false",
                "quantization_config|{\"bits\": 4}|has quantization_config = {bits=4}; only weights that are not quantized can be read",
                "add_cross_attention|true|has add_cross_attention = true; only false can be read",
                "scale_attn_weights|false|has scale_attn_weights = false; only true can be read",
                "scale_attn_by_inverse_layer_idx|true|has scale_attn_by_inverse_layer_idx = true; only false can be read",
            })
    void aConfigurationOfAnotherModelIsRefused(String key, String value, String expected) throws IOException {
        changeConfig(key, value);
        assertRefused(HuggingFaceFolder.CONFIG, expected);
    }

    @Test
    void whatAConfigurationDoesNotSayIsAsInGpt2() throws IOException {
        Files.writeString(folder.resolve(HuggingFaceFolder.CONFIG), """
                {"model_type": "gpt2", "vocab_size": 31, "n_positions": 7, "n_embd": 12, "n_layer": 2, "n_head": 2,
                 "n_inner": null, "layer_norm_epsilon": 0.00001, "task_specific_params": {"a": [1, {"n_embd": 99}]}}""");
        assertEquals(TransformerConfig.gpt2(31, 7, 2, 2, 12), HuggingFaceFolder.loadConfig(folder));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{\"model_type\": \"gpt2\"",
                "{\"model_type\": gpt2}",
                "{'model_type': 'gpt2'}",
                "\0\0\0",
                "{}",
                "null"
            })
    void aConfigurationThatIsNotAnObjectIsRefused(String text) throws IOException {
        Files.writeString(folder.resolve(HuggingFaceFolder.CONFIG), text);
        assertRefused(HuggingFaceFolder.CONFIG, "");
    }

    @Test
    void aConfigurationThatIsNotTextIsRefused() throws IOException {
        Files.write(folder.resolve(HuggingFaceFolder.CONFIG), new byte[] {'{', (byte) 0xff, (byte) 0xfe, '}'});
        assertRefused(HuggingFaceFolder.CONFIG, "is not UTF-8 text");
        Files.write(folder.resolve(HuggingFaceFolder.CONFIG), new byte[2 << 20]);
        assertRefused(HuggingFaceFolder.CONFIG, "too many for a configuration");
        Files.writeString(folder.resolve(HuggingFaceFolder.CONFIG), "[".repeat(100_000));
        assertRefused(HuggingFaceFolder.CONFIG, "");
        Files.writeString(folder.resolve(HuggingFaceFolder.CONFIG), "{\"a\":" + "[".repeat(100_000));
        assertRefused(HuggingFaceFolder.CONFIG, "is not valid JSON");
    }

    @Test
    void savingOverARunReplacesIt() throws IOException {
        Transformer other = new Transformer(TransformerConfig.gpt2(13, 5, 1, 1, 6), backend, 1);
        HuggingFaceFolder.save(other, 0, folder);
        new Snapshot(other).assertSame(new Snapshot(HuggingFaceFolder.load(folder, backend)));
        assertEquals(List.of("config.json", "model.safetensors"), files());
    }

    @Test
    void savingWhereNothingCanBeWrittenLeavesTheOldFiles() throws IOException {
        assumeTrue(folder.toFile().setWritable(false), "file permissions can be set here");
        try {
            assumeTrue(!Files.isWritable(folder), "permissions bind this user");
            Transformer other = new Transformer(CONFIG, backend, 6);
            assertThrows(IOException.class, () -> HuggingFaceFolder.save(other, 0, folder));
            new Snapshot(model).assertSame(new Snapshot(HuggingFaceFolder.load(folder, backend)));
        } finally {
            assertTrue(folder.toFile().setWritable(true));
        }
    }

    /// The weights cannot take their place where a folder stands; nothing temporary is left behind.
    @Test
    void savingThatFailsLeavesNothingBehind() throws IOException {
        Files.delete(folder.resolve(HuggingFaceFolder.WEIGHTS));
        Files.createDirectory(folder.resolve(HuggingFaceFolder.WEIGHTS));
        assertThrows(IOException.class, () -> HuggingFaceFolder.save(model, 0, folder));
        assertEquals(List.of("config.json", "model.safetensors"), files());
        assertThrows(NoSuchFileException.class, () -> HuggingFaceFolder.save(model, 0, folder.resolve("none")));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private void changeConfig(String key, String value) throws IOException {
        Path file = folder.resolve(HuggingFaceFolder.CONFIG);
        String text = Files.readString(file);
        String line = "\"" + key + "\" : ";
        int at = text.indexOf(line);
        String changed = at < 0
                ? "{" + line + value + "," + text.substring(1)
                : text.substring(0, at + line.length()) + value + text.substring(endOfValue(text, at));
        Files.writeString(file, changed);
        assertFalse(changed.equals(text));
    }

    private static int endOfValue(String text, int at) {
        int end = at;
        while (text.charAt(end) != ',' && text.charAt(end) != '\n') {
            end++;
        }
        return end;
    }

    private void assertRefused(String file, String expected) {
        assertMessage(
                assertThrows(MalformedFileException.class, () -> HuggingFaceFolder.load(folder, backend)),
                file,
                expected);
    }

    private void assertMessage(IOException e, String file, String expected) {
        assertTrue(e.getMessage().startsWith(folder.resolve(file).toString()), e.getMessage());
        assertTrue(e.getMessage().contains(expected), e.getMessage());
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    }
}
