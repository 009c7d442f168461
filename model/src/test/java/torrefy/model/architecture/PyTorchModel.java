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
import torrefy.core.shape.Shape;
import torrefy.model.checkpoint.SafetensorsReader;
import torrefy.model.optimizer.AdamW;
import torrefy.model.optimizer.GradientNorm;
import torrefy.tensor.GradientMode;
import torrefy.tensor.Parameter;
import torrefy.tensor.Tensor;

/// A small model that PyTorch 1.13.1 has computed and trained, from which a [Transformer] of the same weights must not
/// differ. `src/test/python/golden.py` wrote the files and says what is in them.
///
/// @param name what the names of its files begin with
/// @param mapsAreTransposed whether matrices are stored `(out, in)`, all but the token table and the output layer
record PyTorchModel(String name, TransformerConfig config, boolean mapsAreTransposed) {

    private static final int B = 3;
    private static final int STEPS = 10;
    private static final float LEARNING_RATE = 3e-3f;
    private static final double CLIP_NORM = 1;

    private Path file(String part) {
        try {
            return Path.of(PyTorchModel.class
                    .getResource("/torrefy/model/golden/" + name + "-" + part + ".safetensors")
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private float[] read(String part, String tensor) throws IOException {
        try (SafetensorsReader reader = SafetensorsReader.open(file(part))) {
            return reader.readFloats(tensor);
        }
    }

    /// The values of what belongs to `parameter`, as our model lays them.
    private float[] read(String part, Parameter parameter) throws IOException {
        float[] stored = read(part, parameter.name());
        boolean transposed = mapsAreTransposed
                && parameter.rank() == 2
                && !parameter.name().endsWith("embed_tokens.weight")
                && !parameter.name().equals("lm_head.weight");
        return transposed
                ? Tensor.of(stored, parameter.size(1), parameter.size(0))
                        .transpose(0, 1)
                        .toFloats()
                : stored;
    }

    private Transformer model(Backend backend) throws IOException {
        Transformer model = new Transformer(config, backend, 1);
        for (Parameter parameter : model.parameters().all()) {
            Tensor values = Tensor.of(
                    backend, read("weights", parameter), parameter.shape().sizes());
            GradientMode.off(() -> parameter.copyInPlace(values));
        }
        return model;
    }

    /// Batch `index` of `inputs` or `targets`.
    private Tensor batch(Backend backend, String which, int index) throws IOException {
        int size = B * config.context();
        float[] all = read("batches", which);
        int[] ids = new int[size];
        for (int i = 0; i < size; i++) {
            ids[i] = (int) all[index * size + i];
        }
        return Tensor.of(backend, ids, B, config.context());
    }

    private Tensor loss(Transformer model, int index) throws IOException {
        return model.loss(batch(model.backend(), "inputs", index), batch(model.backend(), "targets", index), null);
    }

    void assertParametersAreNamedAsThere() throws IOException {
        try (SafetensorsReader reader = SafetensorsReader.open(file("weights"))) {
            Set<String> names = new Transformer(config, Backends.standard(), 1)
                    .parameters().all().stream().map(Parameter::name).collect(Collectors.toSet());
            assertEquals(reader.names(), names);
        }
    }

    void assertLogitsAndLossMatch(Backend backend) throws IOException {
        Transformer model = model(backend);
        float[] expected = read("losses", "logits");
        Tensor logits = model.logits(batch(backend, "inputs", 0));
        assertEquals(Shape.of(B, config.context(), config.vocabulary()), logits.shape());
        assertArrayEquals(expected, logits.toFloats(), (float) (1e-5 * largest(expected)));
        double loss = read("losses", "loss")[0];
        assertEquals(loss, loss(model, 0).item(), 1e-5 * loss);
    }

    /// Relative to the largest element of each gradient: smaller ones are differences of terms of that size.
    void assertGradientsMatch(Backend backend) throws IOException {
        Transformer model = model(backend);
        loss(model, 0).backward();
        for (Parameter parameter : model.parameters().all()) {
            float[] expected = read("gradients", parameter);
            assertTrue(largest(expected) > 1e-4, parameter.name());
            assertArrayEquals(
                    expected, parameter.gradient().toFloats(), (float) (1e-5 * largest(expected)), parameter.name());
        }
    }

    void assertTenAdamWStepsMatch(Backend backend) throws IOException {
        Transformer model = model(backend);
        AdamW optimizer = new AdamW(model.parameters(), new AdamW.Settings(0.9f, 0.95f, 1e-8f, 0.1f));
        float[] losses = read("losses", "steps");
        float[] norms = read("losses", "norms");
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
            float[] expected = read("trained", parameter);
            float[] actual = parameter.toFloats();
            if (parameter.name().endsWith("c_attn.bias")) {
                clearKeyBias(expected);
                clearKeyBias(actual);
            }
            assertArrayEquals(expected, actual, (float) (1e-4 * largest(expected)), parameter.name());
        }
    }

    /// A bias of the keys that no position turns and no norm sees adds the same to all scores of a query, and softmax
    /// does not see it: its gradient is 0, what comes out instead is rounding, and Adam divides by its size.
    private static void clearKeyBias(float[] queryKeyValueBias) {
        int third = queryKeyValueBias.length / 3;
        Arrays.fill(queryKeyValueBias, third, 2 * third, 0);
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
