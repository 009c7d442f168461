package torrefy.model.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.model.EveryBackend;
import torrefy.model.checkpoint.HuggingFaceFolder;
import torrefy.model.checkpoint.SafetensorsReader;
import torrefy.model.optimizer.AdamW;
import torrefy.model.optimizer.GradientNorm;
import torrefy.tensor.Parameter;
import torrefy.tensor.Tensor;

/// The whole model beside the same model in PyTorch 1.13.1, with the same weights. `src/test/python/make_gpt_golden.py`
/// wrote the files and says what is in them.
class GptAgainstPyTorchTest {

    private static final TransformerConfig CONFIG = TransformerConfig.gpt2(65, 16, 2, 2, 16);
    private static final int B = 3;
    private static final int STEPS = 10;
    private static final float LEARNING_RATE = 3e-3f;
    private static final double CLIP_NORM = 1;

    private static Path file(String name) {
        try {
            return Path.of(GptAgainstPyTorchTest.class
                    .getResource("/torrefy/model/golden/" + name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static float[] read(String file, String tensor) throws IOException {
        try (SafetensorsReader reader = SafetensorsReader.open(file(file))) {
            return reader.readFloats(tensor);
        }
    }

    private static Transformer model(Backend backend) throws IOException {
        Transformer model = new Transformer(CONFIG, backend, 1);
        HuggingFaceFolder.loadWeights(model, file("gpt-weights.safetensors"));
        return model;
    }

    /// Batch `index` of `inputs` or `targets`.
    private static Tensor batch(Backend backend, String name, int index) throws IOException {
        int size = B * CONFIG.context();
        float[] all = read("gpt-batches.safetensors", name);
        int[] ids = new int[size];
        for (int i = 0; i < size; i++) {
            ids[i] = (int) all[index * size + i];
        }
        return Tensor.of(backend, ids, B, CONFIG.context());
    }

    private static Tensor loss(Transformer model, int index) throws IOException {
        return model.loss(batch(model.backend(), "inputs", index), batch(model.backend(), "targets", index), null);
    }

    @EveryBackend
    void parametersHaveTheNamesOfHuggingFacesGpt2(String name) throws IOException {
        try (Backend backend = Backends.create(name, 2);
                SafetensorsReader reader = SafetensorsReader.open(file("gpt-weights.safetensors"))) {
            Set<String> names = model(backend).parameters().all().stream()
                    .map(Parameter::name)
                    .collect(Collectors.toSet());
            assertEquals(reader.names(), names);
        }
    }

    @EveryBackend
    void logitsAndLossMatch(String name) throws IOException {
        try (Backend backend = Backends.create(name, 2)) {
            Transformer model = model(backend);
            float[] logits = read("gpt-losses.safetensors", "logits");
            assertArrayEquals(
                    logits, model.logits(batch(backend, "inputs", 0)).toFloats(), (float) (1e-5 * largest(logits)));
            double expected = read("gpt-losses.safetensors", "loss")[0];
            assertEquals(expected, loss(model, 0).item(), 1e-5 * expected);
        }
    }

    /// Relative to the largest element of each gradient: smaller ones are differences of terms of that size.
    @EveryBackend
    void gradientOfEveryParameterMatches(String name) throws IOException {
        try (Backend backend = Backends.create(name, 2)) {
            Transformer model = model(backend);
            loss(model, 0).backward();
            for (Parameter parameter : model.parameters().all()) {
                float[] expected = read("gpt-gradients.safetensors", parameter.name());
                assertTrue(largest(expected) > 1e-4, parameter.name());
                assertArrayEquals(
                        expected,
                        parameter.gradient().toFloats(),
                        (float) (1e-5 * largest(expected)),
                        parameter.name());
            }
        }
    }

    @EveryBackend
    void tenAdamWStepsMatch(String name) throws IOException {
        try (Backend backend = Backends.create(name, 2)) {
            Transformer model = model(backend);
            AdamW optimizer = new AdamW(model.parameters(), new AdamW.Settings(0.9f, 0.95f, 1e-8f, 0.1f));
            float[] losses = read("gpt-losses.safetensors", "steps");
            float[] norms = read("gpt-losses.safetensors", "norms");
            for (int step = 0; step < STEPS; step++) {
                model.parameters().zeroGradients();
                Tensor loss = loss(model, step + 1);
                assertEquals(losses[step], loss.item(), 1e-5 * losses[step], "loss before step " + step);
                loss.backward();
                double norm = GradientNorm.of(model.parameters());
                assertEquals(norms[step], norm, 1e-4 * norms[step], "norm before step " + step);
                optimizer.step(LEARNING_RATE, GradientNorm.clip(norm, CLIP_NORM));
            }
            for (Parameter parameter : model.parameters().all()) {
                float[] expected = read("gpt-trained.safetensors", parameter.name());
                float[] actual = parameter.toFloats();
                if (parameter.name().endsWith("c_attn.bias")) {
                    clearKeyBias(expected);
                    clearKeyBias(actual);
                }
                assertArrayEquals(expected, actual, (float) (1e-4 * largest(expected)), parameter.name());
            }
        }
    }

    /// A bias of the keys adds the same to all scores of a query, and softmax does not see it: its gradient is 0, what
    /// comes out instead is rounding, and Adam divides by its size.
    private static void clearKeyBias(float[] queryKeyValueBias) {
        Arrays.fill(queryKeyValueBias, CONFIG.width(), 2 * CONFIG.width(), 0);
    }

    private static double largest(float[] values) {
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        return Math.max(Math.abs(sorted[0]), Math.abs(sorted[sorted.length - 1]));
    }
}
