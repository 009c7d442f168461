package torrefy.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.model.Snapshot;
import torrefy.model.architecture.Storage;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.evaluation.Choice;
import torrefy.model.evaluation.ChoiceFile;
import torrefy.model.evaluation.ChoiceText;
import torrefy.model.layer.AttentionConfig;
import torrefy.model.training.Batches;
import torrefy.model.training.RunLength;
import torrefy.model.training.TokenSource;
import torrefy.model.training.Trainer;
import torrefy.model.training.TrainingSettings;

/// Whatever happened to a file, reading it ends in a model or in one line that names the file: never in another
/// exception, and never in memory taken on the word of a damaged number. (A model of a few kilobytes was written, so
/// one that comes back is small.)
class DamagedFilesProperties {

    private static final TransformerConfig GPT2 = TransformerConfig.gpt2(31, 7, 2, 2, 12);
    private static final TransformerConfig QWEN3 = TransformerConfig.llama(31, 16, 2, 2, 1, 12, 20)
            .withAttention(new AttentionConfig(2, 1, 6, false, false, true))
            .withTiedHead(true);

    private static final long FEW = 100_000;

    private static final Batches BATCHES = new Batches(TokenSource.of(new int[50]), 1, 4, 1);

    private static Path root;

    /// The weights that a checkpoint was made of.
    private static Snapshot trained;

    @BeforeContainer
    static void write() throws IOException {
        root = Files.createTempDirectory("damaged");
        try (Backend backend = Backends.create("scalar", 1)) {
            for (TransformerConfig config : List.of(GPT2, QWEN3)) {
                Path folder = Files.createDirectory(root.resolve(config == GPT2 ? "gpt2" : "qwen3"));
                HuggingFaceFolder.save(new Transformer(config, backend, 1), 30, folder);
            }
            Path sharded = Files.createDirectory(root.resolve("sharded"));
            Files.copy(root.resolve("qwen3/config.json"), sharded.resolve("config.json"));
            Files.copy(root.resolve("qwen3/model.safetensors"), sharded.resolve("a.safetensors"));
            StringBuilder index = new StringBuilder("{\"metadata\": {}, \"weight_map\": {");
            try (SafetensorsReader reader = SafetensorsReader.open(sharded.resolve("a.safetensors"))) {
                index.append(String.join(
                        ", ",
                        reader.names().stream()
                                .map(name -> "\"" + name + "\": \"a.safetensors\"")
                                .toList()));
            }
            Files.writeString(sharded.resolve(WeightFiles.INDEX), index + "}}");
            LlmcCheckpoint.save(new Transformer(GPT2, backend, 1), StoredType.F32, root.resolve("model.bin"));
            Trainer trainer = trainer(backend);
            RunFacts facts = RunFacts.of(trainer, BATCHES);
            try (CheckpointWriter writer = new CheckpointWriter(checkpoints(), 1, trainer, facts, line -> {})) {
                trainer.train(BATCHES);
                writer.save(3.5, Map.of("note", "of a run"), Map.of("metrics", new byte[] {1, 2, 3}));
            }
            trained = new Snapshot(trainer.model());
        }
        Files.writeString(root.resolve("choices.jsonl"), """
                {"ind": 24, "ctx": "The kettle whistles. Anna", "endings": ["pours the tea.", "sings"], "label": 0}
                {"ctx_a": "A boy", "ctx_b": "throws", "endings": ["a stick.", "up \\u00fc.", "blue."], "label": "1"}
                """);
    }

    private static Trainer trainer(Backend backend) {
        return new Trainer(new Transformer(GPT2, backend, 1), TrainingSettings.standard(RunLength.steps(2), 1e-3f));
    }

    private static CheckpointFolder checkpoints() {
        return new CheckpointFolder(root.resolve("checkpoints"));
    }

    @AfterContainer
    static void delete() throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Property(tries = 150)
    void aDamagedModelFolderIsReadOrRefused(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        Map.Entry<String, String> file = List.of(
                        Map.entry("gpt2", "config.json"),
                        Map.entry("gpt2", "model.safetensors"),
                        Map.entry("qwen3", "config.json"),
                        Map.entry("qwen3", "model.safetensors"),
                        Map.entry("sharded", WeightFiles.INDEX),
                        Map.entry("sharded", "a.safetensors"))
                .get(random.nextInt(6));
        Path folder = root.resolve(file.getKey());
        check(folder.resolve(file.getValue()), random, backend -> HuggingFaceFolder.load(folder, backend));
    }

    @Property(tries = 100)
    void aDamagedCheckpointOfLlmCIsReadOrRefused(@ForAll long seed) throws IOException {
        Path file = root.resolve("model.bin");
        check(file, new Random(seed), backend -> LlmcCheckpoint.load(file, backend, Storage.F32));
    }

    /// A checkpoint has checksums: what is read at all is what was written.
    @Property(tries = 100)
    void aDamagedCheckpointIsReadAsItWasOrRefused(@ForAll long seed) throws IOException {
        Path file = checkpoints().file(2);
        check(file, new Random(seed), backend -> {
            try (Checkpoint checkpoint = Checkpoint.open(file)) {
                Trainer trainer = trainer(backend);
                checkpoint.facts().changesSince(RunFacts.of(trainer, BATCHES));
                assertEquals(2, checkpoint.restore(trainer).step());
                assertEquals("of a run", checkpoint.notes().get("note"));
                new Snapshot(trainer.model()).assertSame(trained);
                return trainer.model();
            }
        });
    }

    @Property(tries = 150)
    void aDamagedFileOfQuestionsIsReadOrRefused(@ForAll long seed) throws IOException {
        Path file = root.resolve("choices.jsonl");
        checkReading(file, new Random(seed), () -> {
            for (ChoiceText question : ChoiceFile.read(file)) {
                Choice choice = question.encoded(text -> text.chars().toArray(), 0);
                assertTrue(choice.answer() < choice.endings().size());
            }
        });
    }

    private interface Loading {
        Transformer load(Backend backend) throws IOException;
    }

    private static void check(Path file, Random random, Loading loading) throws IOException {
        try (Backend backend = Backends.create("scalar", 1)) {
            checkReading(file, random, () -> {
                Transformer model = loading.load(backend);
                assertTrue(model.config().parameters() < FEW, model.config()::toString);
            });
        }
    }

    private interface Reading {
        void read() throws IOException;
    }

    private static void checkReading(Path file, Random random, Reading reading) throws IOException {
        byte[] whole = Files.readAllBytes(file);
        try {
            Files.write(file, Damage.of(whole, random));
            reading.read();
        } catch (MalformedFileException | NoSuchFileException e) {
            assertTrue(e.getMessage().startsWith(root.toString()), e.getMessage());
            assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        } finally {
            Files.write(file, whole);
        }
    }
}
