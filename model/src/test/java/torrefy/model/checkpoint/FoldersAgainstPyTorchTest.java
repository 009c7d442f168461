package torrefy.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.model.architecture.Transformer;
import torrefy.model.generation.Generator;
import torrefy.model.generation.Sampler;
import torrefy.tensor.Tensor;

/// Folders with a small model of random weights that this library wrote, and what PyTorch 1.13.1 made of them in
/// float64: `logits.safetensors`, by `src/test/python/read_model_folder.py --write`.
class FoldersAgainstPyTorchTest {

    private static final int[] IDS = {3, 1, 4, 15, 9, 26, 5, 30, 8, 9, 7, 9, 3};

    private static Path golden(String name) {
        try {
            return Path.of(FoldersAgainstPyTorchTest.class
                    .getResource("/torrefy/model/golden/folders/" + name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen3"})
    void theSameLogitsAndTheSameLikeliestTokens(String name) throws IOException {
        try (Backend backend = Backends.create("scalar", 1);
                SafetensorsReader expected = SafetensorsReader.open(golden(name).resolve("logits.safetensors"))) {
            Transformer model = HuggingFaceFolder.load(golden(name), backend);
            float[] logits =
                    model.logits(Tensor.of(backend, IDS, 1, IDS.length)).toFloats();
            assertArrayEquals(expected.readFloats("logits"), logits, 1e-5f);

            float[] likeliest = expected.readFloats("likeliest");
            int[] written = new int[1];
            new Generator(model, Sampler.greedy(), 1).generate(IDS, likeliest.length, token -> {
                assertEquals((int) likeliest[written[0]++], token, "token " + written[0]);
                return true;
            });
            assertEquals(likeliest.length, written[0]);
        }
    }

    /// What PyTorch read is what is written today.
    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen3"})
    void theSameFilesAreWritten(String name, @TempDir Path folder) throws IOException {
        try (Backend backend = Backends.create("scalar", 1)) {
            HuggingFaceFolder.save(HuggingFaceFolder.load(golden(name), backend), 30, folder);
        }
        assertEquals(
                -1, Files.mismatch(golden(name).resolve("model.safetensors"), folder.resolve("model.safetensors")));
        assertEquals(
                Files.readString(golden(name).resolve("config.json")), Files.readString(folder.resolve("config.json")));
    }
}
