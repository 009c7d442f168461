package torrefy.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.core.backend.RotaryKernels.Pairing;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.model.EveryBackend;
import torrefy.model.Snapshot;
import torrefy.model.architecture.Storage;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.layer.AttentionConfig;
import torrefy.model.layer.FeedForwardConfig;
import torrefy.model.layer.NormConfig;
import torrefy.model.layer.Positions;
import torrefy.model.training.Batches;
import torrefy.model.training.RunLength;
import torrefy.model.training.TokenSource;
import torrefy.model.training.Trainer;
import torrefy.model.training.TrainingSettings;
import torrefy.tensor.Tensor;

class LlamaFolderTest {

    private static final TransformerConfig LLAMA = TransformerConfig.llama(31, 16, 2, 2, 1, 12, 20);
    private static final AttentionConfig HEADS = new AttentionConfig(4, 2, 6, false, false, false);
    private static final TransformerConfig QWEN3 =
            LLAMA.withAttention(HEADS.withQueryKeyNorm(true)).withTiedHead(true);

    private final Backend backend = Backends.standard();

    @TempDir
    Path folder;

    static Stream<TransformerConfig> family() {
        return Stream.of(
                LLAMA,
                LLAMA.withTiedHead(true).withAttention(HEADS.withBiases(true, true)),
                LLAMA.withFeedForward(new FeedForwardConfig(20, FeedForwardConfig.Kind.SWIGLU, true)),
                LLAMA.withAttention(HEADS.withBiases(true, false)).withPositions(Positions.Rotary.of(1e6)),
                QWEN3.withNorm(new NormConfig(NormConfig.Kind.RMS, 1e-6f)),
                QWEN3.withAttention(HEADS.withQueryKeyNorm(true).withBiases(true, true))
                        .withDropout(0.1f));
    }

    private Transformer random(TransformerConfig config) {
        Transformer model = new Transformer(config, backend, 5);
        // Biases and norms begin with one value each, so that a file with two of them mixed up would look right.
        for (var parameter : model.parameters().all()) {
            float[] values = parameter.data().floats();
            for (int i = 0; i < parameter.data().elements(); i++) {
                values[parameter.data().start() + i] +=
                        0.01f * (float) Math.sin(i + parameter.name().hashCode());
            }
        }
        model.parameters().changed();
        return model;
    }

    @ParameterizedTest
    @MethodSource("family")
    void whatWasSavedIsLoadedToTheBit(TransformerConfig config) throws IOException {
        Transformer model = random(config);
        HuggingFaceFolder.save(model, 30, folder);
        assertEquals(config, HuggingFaceFolder.loadConfig(folder));
        new Snapshot(model).assertSame(new Snapshot(HuggingFaceFolder.load(folder, backend)));
    }

    @EveryBackend
    void everyBackendLoadsAndSavesTheSame(String name) throws IOException {
        Transformer model = random(QWEN3);
        HuggingFaceFolder.save(model, 30, folder);
        byte[] saved = Files.readAllBytes(folder.resolve(HuggingFaceFolder.WEIGHTS));
        try (Backend other = Backends.create(name, 2)) {
            Transformer loaded = HuggingFaceFolder.load(folder, other);
            new Snapshot(model).assertSame(new Snapshot(loaded));
            HuggingFaceFolder.save(loaded, 30, folder);
        }
        assertArrayEquals(saved, Files.readAllBytes(folder.resolve(HuggingFaceFolder.WEIGHTS)));
    }

    /// Import, training, export, import.
    @Test
    void aModelThatWasReadIsTrainedOn() throws IOException {
        HuggingFaceFolder.save(random(QWEN3), new DocumentMarks(29, 30), folder, StoredType.BF16);
        Transformer model = HuggingFaceFolder.load(folder, backend);
        int[] text = new int[400];
        Arrays.setAll(text, i -> i % 7);
        List<Double> losses = new ArrayList<>();
        Trainer trainer = new Trainer(model, TrainingSettings.standard(RunLength.steps(30), 1e-2f));
        trainer.train(new Batches(TokenSource.of(text), 2, 8, 1), report -> losses.add((double) report.loss()));
        assertTrue(losses.getLast() < losses.getFirst() / 2, losses::toString);
        HuggingFaceFolder.save(model, 30, folder);
        new Snapshot(model).assertSame(new Snapshot(HuggingFaceFolder.load(folder, backend)));
    }

    /// The names and shapes of `LlamaForCausalLM`: matrices as `(out, in)`.
    @Test
    void theWeightsHaveTheNamesAndShapesOfLlama() throws IOException {
        Transformer model = random(LLAMA.withAttention(HEADS));
        HuggingFaceFolder.save(model, 30, folder);
        try (SafetensorsReader reader = SafetensorsReader.open(folder.resolve(HuggingFaceFolder.WEIGHTS))) {
            Map<String, String> shapes = new LinkedHashMap<>();
            for (String name : reader.names()) {
                shapes.put(name, reader.tensor(name).shape().toString());
            }
            assertEquals(3 + 2 * 9, shapes.size());
            assertEquals("(31, 12)", shapes.get("model.embed_tokens.weight"));
            assertEquals("(31, 12)", shapes.get("lm_head.weight"));
            assertEquals("(12)", shapes.get("model.norm.weight"));
            assertEquals("(12)", shapes.get("model.layers.1.input_layernorm.weight"));
            assertEquals("(12)", shapes.get("model.layers.1.post_attention_layernorm.weight"));
            assertEquals("(24, 12)", shapes.get("model.layers.0.self_attn.q_proj.weight"));
            assertEquals("(12, 12)", shapes.get("model.layers.0.self_attn.k_proj.weight"));
            assertEquals("(12, 12)", shapes.get("model.layers.0.self_attn.v_proj.weight"));
            assertEquals("(12, 24)", shapes.get("model.layers.0.self_attn.o_proj.weight"));
            assertEquals("(20, 12)", shapes.get("model.layers.1.mlp.gate_proj.weight"));
            assertEquals("(20, 12)", shapes.get("model.layers.1.mlp.up_proj.weight"));
            assertEquals("(12, 20)", shapes.get("model.layers.1.mlp.down_proj.weight"));
            float[] up = reader.readFloats("model.layers.1.mlp.up_proj.weight");
            float[] ours =
                    model.parameters().get("model.layers.1.mlp.up_proj.weight").toFloats();
            assertEquals(ours[5 * 20 + 17], up[17 * 12 + 5], "row 17, column 5 there is row 5, column 17 here");
        }
    }

    /// A model whose rotations turn neighbours is saved as one whose rotations turn halves; it computes the same.
    @Test
    void rotationsOfNeighboursBecomeThoseOfHalves() throws IOException {
        TransformerConfig neighbours = QWEN3.withAttention(
                        HEADS.withQueryKeyNorm(true).withBiases(true, true))
                .withPositions(new Positions.Rotary(10_000, Pairing.NEIGHBOURS));
        Transformer model = random(neighbours);
        HuggingFaceFolder.save(model, 30, folder);
        Transformer loaded = HuggingFaceFolder.load(folder, backend);
        assertEquals(Positions.Rotary.of(10_000), loaded.config().positions());
        assertSameLogits(model, loaded, 1e-5f);
        Transformer back = new Transformer(neighbours, backend, 6);
        HuggingFaceFolder.loadWeights(back, folder);
        new Snapshot(model).assertSame(new Snapshot(back));
    }

    private void assertSameLogits(Transformer expected, Transformer actual, float tolerance) {
        Tensor ids = Tensor.of(backend, new int[] {1, 2, 3, 30, 7, 7, 0, 12}, 1, 8);
        assertArrayEquals(expected.logits(ids).toFloats(), actual.logits(ids).toFloats(), tolerance);
    }

    /// Half precision keeps 11 bits, bfloat16 8; a model of small weights hardly changes.
    @ParameterizedTest
    @ValueSource(strings = {"F32", "F16", "BF16"})
    void aModelIsSavedInTheTypeAskedFor(StoredType type) throws IOException {
        Transformer model = random(LLAMA);
        HuggingFaceFolder.save(model, DocumentMarks.between(30), folder, type);
        try (SafetensorsReader reader = SafetensorsReader.open(folder.resolve(HuggingFaceFolder.WEIGHTS))) {
            for (String name : reader.names()) {
                assertEquals(type, reader.tensor(name).type());
            }
        }
        assertSameLogits(model, HuggingFaceFolder.load(folder, backend), 0.01f);
        Storage half = new Storage(DataType.BF16, DataType.F32, DataType.F32);
        assertSameLogits(model, HuggingFaceFolder.load(folder, backend, half), 0.01f);
    }

    @Test
    void weightsInSeveralFilesAreReadByTheirIndex() throws IOException {
        Transformer model = random(LLAMA);
        HuggingFaceFolder.save(model, 30, folder);
        Map<String, String> places = split();
        writeIndex(places);
        new Snapshot(model).assertSame(new Snapshot(HuggingFaceFolder.load(folder, backend)));

        Map<String, String> wrong = new LinkedHashMap<>(places);
        wrong.put(
                "model.norm.weight",
                "model-1.safetensors".equals(places.get("model.norm.weight"))
                        ? "model-0.safetensors"
                        : "model-1.safetensors");
        writeIndex(wrong);
        assertRefused("tensor 'model.norm.weight' is missing");
        wrong.remove("model.norm.weight");
        writeIndex(wrong);
        assertRefused("index.json: tensor 'model.norm.weight' is missing");
        for (String outside : List.of("../model-0.safetensors", "/etc/passwd", "a/b.safetensors", "x.bin", "")) {
            wrong.put("model.norm.weight", outside);
            writeIndex(wrong);
            assertRefused("which is no safetensors file beside it");
        }
        writeIndex(Map.of());
        assertRefused("has no weight_map");
        Files.delete(folder.resolve("model-1.safetensors"));
        writeIndex(places);
        assertTrue(assertThrows(NoSuchFileException.class, () -> HuggingFaceFolder.load(folder, backend))
                .getMessage()
                .contains("model-1.safetensors"));

        HuggingFaceFolder.save(model, 30, folder);
        assertTrue(Files.notExists(folder.resolve("model.safetensors.index.json")), "the index of others' is gone");
    }

    /// Divides the weights among two files, in turn.
    private Map<String, String> split() throws IOException {
        Path whole = folder.resolve(HuggingFaceFolder.WEIGHTS);
        Map<String, String> places = new LinkedHashMap<>();
        List<List<SafetensorsWriter.Entry>> parts = List.of(new ArrayList<>(), new ArrayList<>());
        try (SafetensorsReader reader = SafetensorsReader.open(whole)) {
            for (String name : reader.names()) {
                int part = places.size() % 2;
                NdArray values = NdArray.of(
                        reader.readFloats(name), reader.tensor(name).shape().sizes());
                parts.get(part).add(SafetensorsWriter.Entry.of(name, values));
                places.put(name, "model-" + part + ".safetensors");
            }
        }
        Files.delete(whole);
        for (int part = 0; part < 2; part++) {
            SafetensorsWriter.write(folder.resolve("model-" + part + ".safetensors"), Map.of(), parts.get(part));
        }
        return places;
    }

    private void writeIndex(Map<String, String> places) throws IOException {
        StringBuilder json = new StringBuilder("{\"metadata\": {\"total_size\": 1}, \"weight_map\": {");
        places.forEach((name, file) ->
                json.append(json.toString().endsWith("{") ? "" : ", ").append("\"" + name + "\": \"" + file + "\""));
        Files.writeString(folder.resolve("model.safetensors.index.json"), json.append("}}"));
    }

    private void rewrite(UnaryOperator<String> rename) throws IOException {
        Path file = folder.resolve(HuggingFaceFolder.WEIGHTS);
        List<SafetensorsWriter.Entry> entries = new ArrayList<>();
        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            for (String name : reader.names()) {
                for (String other : rename.apply(name).split("\\|")) {
                    entries.add(SafetensorsWriter.Entry.of(
                            other,
                            NdArray.of(
                                    reader.readFloats(name),
                                    reader.tensor(name).shape().sizes())));
                }
            }
        }
        SafetensorsWriter.write(file, Map.of(), entries);
    }

    /// As a body without its output layer is saved: without `model.` before every name.
    @Test
    void namesWithoutTheModelsPrefixAreReadToo() throws IOException {
        Transformer model = random(QWEN3);
        HuggingFaceFolder.save(model, 30, folder);
        rewrite(name -> name.replaceFirst("^model\\.", ""));
        new Snapshot(model).assertSame(new Snapshot(HuggingFaceFolder.load(folder, backend)));
    }

    @Test
    void anOutputLayerBesideATiedTableMustBeEqualToIt() throws IOException {
        Transformer model = random(QWEN3);
        HuggingFaceFolder.save(model, 30, folder);
        rewrite(name -> name.contains("embed") ? name + "|lm_head.weight" : name);
        new Snapshot(model).assertSame(new Snapshot(HuggingFaceFolder.load(folder, backend)));

        HuggingFaceFolder.save(random(LLAMA), 30, folder);
        changeConfig("\"tie_word_embeddings\" : false", "\"tie_word_embeddings\" : true");
        assertRefused("tensor 'lm_head.weight' is not equal to 'model.embed_tokens.weight'");
    }

    @Test
    void biasesThatTheConfigurationDoesNotNameAreRefused() throws IOException {
        HuggingFaceFolder.save(random(LLAMA.withAttention(HEADS.withBiases(true, true))), 30, folder);
        changeConfig("\"attention_bias\" : true", "\"attention_bias\" : false");
        assertRefused("tensor 'model.layers.0.self_attn.q_proj.bias' has no place in the model");
    }

    @Test
    void aMissingOutputLayerIsNamed() throws IOException {
        HuggingFaceFolder.save(random(QWEN3), 30, folder);
        changeConfig("\"tie_word_embeddings\" : true", "\"tie_word_embeddings\" : false");
        assertRefused("tensor 'lm_head.weight' is missing");
    }

    @Test
    void weightsThatOnlyPythonOpensAreNamed() throws IOException {
        HuggingFaceFolder.save(random(QWEN3), 30, folder);
        Files.move(folder.resolve(HuggingFaceFolder.WEIGHTS), folder.resolve("pytorch_model.bin"));
        String message = assertThrows(NoSuchFileException.class, () -> HuggingFaceFolder.load(folder, backend))
                .getMessage();
        assertTrue(message.contains("save them as safetensors"), message);
    }

    /// What the published files of these models say, with small numbers.
    @ParameterizedTest
    @MethodSource("published")
    void publishedConfigurationsAreRead(String json, TransformerConfig expected) throws IOException {
        Files.writeString(folder.resolve(HuggingFaceFolder.CONFIG), json);
        assertEquals(expected, HuggingFaceFolder.loadConfig(folder));
    }

    static Stream<Object[]> published() {
        NormConfig norm = new NormConfig(NormConfig.Kind.RMS, 1e-6f);
        AttentionConfig six = AttentionConfig.grouped(2, 1, 6);
        return Stream.of(
                new Object[] {
                    """
                    {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu",
                     "hidden_size": 12, "intermediate_size": 20, "max_position_embeddings": 16,
                     "num_attention_heads": 2, "num_hidden_layers": 2, "pretraining_tp": 1, "rope_scaling": null,
                     "tie_word_embeddings": false, "torch_dtype": "float16", "use_cache": true, "vocab_size": 31}""", TransformerConfig.llama(31, 16, 2, 2, 2, 12, 20).withNorm(norm)
                },
                new Object[] {
                    """
                    {"model_type": "llama", "attention_bias": true, "head_dim": 8, "hidden_size": 12,
                     "intermediate_size": 20, "max_position_embeddings": 16, "mlp_bias": true,
                     "num_attention_heads": 2, "num_key_value_heads": 1, "num_hidden_layers": 2,
                     "rms_norm_eps": 1e-05, "rope_parameters": {"rope_theta": 500000.0, "rope_type": "default"},
                     "rope_theta": 7, "tie_word_embeddings": true, "dtype": "bfloat16", "vocab_size": 31}""",
                    LLAMA.withAttention(new AttentionConfig(2, 1, 8, true, true, false))
                            .withFeedForward(new FeedForwardConfig(20, FeedForwardConfig.Kind.SWIGLU, true))
                            .withPositions(Positions.Rotary.of(500_000))
                            .withTiedHead(true)
                },
                new Object[] {
                    """
                    {"model_type": "qwen2", "attention_dropout": 0.0, "hidden_act": "silu", "hidden_size": 12,
                     "intermediate_size": 20, "max_position_embeddings": 16, "max_window_layers": 21,
                     "num_attention_heads": 2, "num_hidden_layers": 2, "num_key_value_heads": 1, "rms_norm_eps": 1e-06,
                     "rope_theta": 1000000.0, "sliding_window": 8, "tie_word_embeddings": true,
                     "use_sliding_window": false, "vocab_size": 31, "layer_types": ["full_attention", "full_attention"]}""",
                    LLAMA.withAttention(six.withBiases(true, false))
                            .withNorm(norm)
                            .withPositions(Positions.Rotary.of(1e6))
                            .withTiedHead(true)
                },
                new Object[] {
                    """
                    {"model_type": "qwen3", "attention_bias": false, "hidden_act": "silu", "hidden_size": 12,
                     "intermediate_size": 20, "max_position_embeddings": 16, "num_attention_heads": 2,
                     "num_hidden_layers": 2, "num_key_value_heads": 1,
                     "rope_scaling": {"rope_type": "default", "rope_theta": 1000000}, "sliding_window": null,
                     "use_sliding_window": false, "vocab_size": 31}""",
                    LLAMA.withAttention(new AttentionConfig(2, 1, 128, false, false, true))
                            .withNorm(norm)
                            .withPositions(Positions.Rotary.of(1e6))
                },
                new Object[] {"""
                    {"model_type": "mistral", "hidden_act": "silu", "hidden_size": 12, "intermediate_size": 20,
                     "max_position_embeddings": 16, "num_attention_heads": 2, "num_hidden_layers": 2,
                     "num_key_value_heads": 1, "rms_norm_eps": 1e-05, "sliding_window": null, "vocab_size": 31}""", LLAMA.withAttention(six)});
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"rope_scaling\": {\"rope_type\": \"llama3\", \"factor\": 8.0} | has rope_scaling.rope_type = llama3; only default can be read",
                "\"rope_scaling\": {\"type\": \"linear\", \"factor\": 2.0} | has rope_scaling.type = linear; only default can be read",
                "\"rope_scaling\": {\"factor\": 2.0} | has rope_scaling.factor; only rotations of one base",
                "\"rope_scaling\": 2 | has rope_scaling = 2, which is not an object",
                "\"rope_parameters\": {\"rope_type\": \"yarn\"} | has rope_parameters.rope_type = yarn; only default can be read",
                "\"rope_parameters\": {\"full_attention\": {}} | has rope_parameters.full_attention; only rotations of one base",
                "\"rope_theta\": 0 | describes no model: the base of rotary positions must be above 0",
                "\"rope_theta\": \"big\" | has rope_theta = big, which is not a number",
                "\"partial_rotary_factor\": 0.5 | has partial_rotary_factor = 0.5; only rotations of whole heads",
                "\"hidden_act\": \"relu2\" | has hidden_act = relu2; only silu can be read",
                "\"model_type\": \"mistral\", \"sliding_window\": 8 | has sliding_window = 8; only attention over the whole context of 16",
                "\"use_sliding_window\": true, \"sliding_window\": 8 | has sliding_window = 8; only attention",
                "\"layer_types\": [\"full_attention\", \"sliding_attention\"] | has layer_types = [full_attention, sliding_attention]; only full_attention",
                "\"max_position_embeddings\": 2147483647 | has max_position_embeddings = 2147483647, which is too much",
                "\"num_attention_heads\": 0 | has num_attention_heads = 0, which is less than 1",
                "\"num_attention_heads\": 5 | has hidden_size = 12, which does not divide into 5 heads",
                "\"num_attention_heads\": 4 | describes no model: rotary positions turn pairs of channels",
                "\"num_key_value_heads\": 4 | describes no model: 2 heads do not share 4 key-value heads",
                "\"head_dim\": 1000000000 | has max_position_embeddings = 16, which is too much",
                "\"model_type\": \"qwen2\" | lacks num_key_value_heads",
                "\"model_type\": \"mixtral\" | has model_type = mixtral; only gpt2, llama, mistral, qwen2 and qwen3 can be read",
                "\"model_type\": \"mistral\", \"num_key_value_heads\": 1, \"attention_bias\": true | has attention_bias = true",
                "\"model_type\": \"qwen3\", \"num_key_value_heads\": 1, \"mlp_bias\": true | has mlp_bias = true; only false",
                "\"hidden_size\": null | lacks hidden_size",
            })
    void aConfigurationOfAnotherModelIsRefused(String members, String expected) throws IOException {
        Map<String, String> all = new LinkedHashMap<>(Map.of(
                "model_type", "\"llama\"",
                "vocab_size", "31",
                "hidden_size", "12",
                "intermediate_size", "20",
                "num_hidden_layers", "2",
                "num_attention_heads", "2",
                "max_position_embeddings", "16"));
        all.keySet().removeIf(name -> members.contains("\"" + name + "\""));
        StringBuilder json = new StringBuilder("{" + members);
        all.forEach((name, value) -> json.append(", \"" + name + "\": " + value));
        Files.writeString(folder.resolve(HuggingFaceFolder.CONFIG), json + "}");
        String message = assertThrows(MalformedFileException.class, () -> HuggingFaceFolder.loadConfig(folder))
                .getMessage();
        assertTrue(message.startsWith(folder.resolve(HuggingFaceFolder.CONFIG).toString()), message);
        assertTrue(message.contains(expected), message);
        assertEquals(1, message.lines().count(), message);
    }

    @Test
    void aModelThatNobodyKnowsIsNotSaved() {
        for (TransformerConfig unknown : List.of(
                LLAMA.withAttention(HEADS.withBiases(false, true)),
                QWEN3.withAttention(HEADS.withQueryKeyNorm(true).withBiases(true, false)),
                LLAMA.withNorm(NormConfig.layer()),
                LLAMA.withPositions(new Positions.Learned()),
                TransformerConfig.gpt2(31, 8, 1, 2, 12).withNorm(NormConfig.rms()))) {
            Transformer model = new Transformer(unknown, backend, 1);
            String message = assertThrows(
                            IllegalArgumentException.class, () -> HuggingFaceFolder.save(model, 30, folder))
                    .getMessage();
            assertTrue(message.startsWith("this model is no "), message);
        }
        assertTrue(Files.notExists(folder.resolve(HuggingFaceFolder.WEIGHTS)));
    }

    private void changeConfig(String there, String instead) throws IOException {
        Path file = folder.resolve(HuggingFaceFolder.CONFIG);
        String text = Files.readString(file);
        assertTrue(text.contains(there), text);
        Files.writeString(file, text.replace(there, instead));
    }

    private void assertRefused(String expected) {
        String message = assertThrows(MalformedFileException.class, () -> HuggingFaceFolder.load(folder, backend))
                .getMessage();
        assertTrue(message.startsWith(folder.toString()), message);
        assertTrue(message.contains(expected), message);
        assertEquals(1, message.lines().count(), message);
    }
}
