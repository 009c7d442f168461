package torrefy.model.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.core.memory.Arena;
import torrefy.core.memory.DataType;
import torrefy.core.random.RandomKey;
import torrefy.model.EveryBackend;
import torrefy.model.Snapshot;
import torrefy.model.architecture.Storage;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.evaluation.Evaluator;
import torrefy.model.optimizer.AdamW;
import torrefy.model.optimizer.Schedule;
import torrefy.tensor.Parameter;
import torrefy.tensor.Tensor;

class StorageTest {

    private static final TransformerConfig CONFIG = TransformerConfig.gpt2(31, 16, 2, 2, 32);
    private static final Storage ALL = new Storage(DataType.BF16, DataType.BF16, DataType.BF16);

    private static final int[] TEXT = "the quick brown fox jumps over the lazy dog. "
            .repeat(20)
            .chars()
            .map(c -> c % 31)
            .toArray();

    private static List<Double> losses(Storage storage, long seed, int steps) {
        try (Backend backend = Backends.create("auto", 2)) {
            Transformer model = new Transformer(CONFIG, backend, seed, storage);
            TrainingSettings settings = new TrainingSettings(
                    RunLength.steps(steps), new Schedule(3e-3f, 0.1f, 0.1f), AdamW.Settings.standard(), 1, 1, seed);
            List<Double> losses = new ArrayList<>();
            new Trainer(model, settings).train(new Batches(TokenSource.of(TEXT), 8, 16, 1), report -> {
                losses.add((double) report.loss());
            });
            return losses;
        }
    }

    /// The mean distance of two curves.
    private static double distance(List<Double> a, List<Double> b) {
        double sum = 0;
        for (int i = 0; i < a.size(); i++) {
            sum += Math.abs(a.get(i) - b.get(i));
        }
        return sum / a.size();
    }

    /// The curve lies no farther from that of floats than a second curve of floats, which begins elsewhere.
    @ParameterizedTest
    @CsvSource({"BF16, F32, F32", "F32, BF16, F32", "F32, F32, BF16", "BF16, BF16, BF16"})
    void lossesFallAsThoseOfFloats(DataType weights, DataType moments, DataType activations) {
        List<Double> floats = losses(Storage.F32, 1, 150);
        List<Double> others = losses(Storage.F32, 2, 150);
        List<Double> stored = losses(new Storage(weights, moments, activations), 1, 150);
        assertTrue(floats.getLast() < floats.getFirst() / 2, "it learns");
        assertTrue(
                distance(floats, stored) <= distance(floats, others),
                distance(floats, stored) + " from floats, two of which are " + distance(floats, others) + " apart");
    }

    @EveryBackend
    void sameSeedGivesTheSameBitsOnAnyThreads(String backendName) {
        List<String> hashes = new ArrayList<>();
        for (int threads = 1; threads <= 3; threads++) {
            try (Backend backend = Backends.create(backendName, threads)) {
                Transformer model = new Transformer(TransformerConfig.gpt2(207, 32, 2, 2, 96), backend, 7, ALL);
                String before = new Snapshot(model).sha256();
                new Trainer(model, TrainingSettings.standard(RunLength.steps(3), 1e-3f))
                        .train(new Batches(TokenSource.of(TrainerTest.text(2000)), 4, 32, 7));
                hashes.add(new Snapshot(model).sha256());
                assertNotEquals(before, hashes.getLast());
            }
        }
        assertEquals(hashes.get(0), hashes.get(1), "1 and 2 threads");
        assertEquals(hashes.get(0), hashes.get(2), "1 and 3 threads");
    }

    @Test
    void onlyMatricesAreStoredInHalf() {
        Transformer model = new Transformer(CONFIG, Backends.standard(), 1, ALL);
        for (Parameter parameter : model.parameters().all()) {
            assertEquals(parameter.rank() >= 2 ? DataType.BF16 : DataType.F32, parameter.type(), parameter.name());
            assertEquals(DataType.F32, parameter.gradient().type());
        }
    }

    /// A model reads `BF16` as the floats it means: the same model with those floats gives the same loss, to the bit.
    @EveryBackend
    void aModelOfBfloat16ComputesWithItsValues(String backendName) {
        try (Backend backend = Backends.create(backendName, 2)) {
            Transformer stored = new Transformer(CONFIG, backend, 1, ALL);
            Transformer floats = new Transformer(CONFIG, backend, 2);
            for (Parameter parameter : stored.parameters().all()) {
                backend.elementwise()
                        .copy(floats.parameters().get(parameter.name()).data(), parameter.data());
            }
            TokenSource text = TokenSource.of(TrainerTest.text(100));
            assertEquals(
                    new Evaluator(floats, 2, 16).evaluate(text, 1).loss(),
                    new Evaluator(stored, 2, 16).evaluate(text, 1).loss());
        }
    }

    /// Bytes a parameter: weight 4 or 2, gradient 4, two moments of 4 or 2.
    @Test
    void memoryFallsAsComputed() {
        TransformerConfig config = TransformerConfig.gpt2(50257, 1024, 12, 12, 768);
        double parameters = config.parameters();
        assertEquals(16, bytes(config, Storage.F32) / parameters, 1e-3);
        assertEquals(12, bytes(config, new Storage(DataType.F32, DataType.BF16, DataType.F32)) / parameters, 1e-3);
        assertEquals(10, bytes(config, ALL) / parameters, 0.01);
    }

    private static double bytes(TransformerConfig config, Storage storage) {
        return MemoryEstimate.of(config, storage, 1, 8, false).parameterBytes();
    }

    @Test
    void wholeNumbersStoreNoWeights() {
        assertThrows(IllegalArgumentException.class, () -> new Storage(DataType.I32, DataType.F32, DataType.F32));
        assertThrows(IllegalArgumentException.class, () -> new Storage(DataType.F32, DataType.I32, DataType.F32));
        assertThrows(IllegalArgumentException.class, () -> new Storage(DataType.F32, DataType.F32, DataType.I32));
    }

    private static final Storage ACTIVATIONS = new Storage(DataType.F32, DataType.F32, DataType.BF16);

    /// A layer keeps 12C numbers a position: the stream before each norm, what each norm makes, 3C of the projection,
    /// C that attention makes and 4C inside the network; and two a position for each norm and one for each head.
    @Test
    void activationsFallAsComputed() {
        int positions = 8 * 256;
        int width = 512;
        long wide = layersActivations(width, Storage.F32);
        long small = 4L * positions * (4 + 8);
        assertEquals(4L * positions * 12 * width + small, wide, 0.001 * wide);
        long halved = layersActivations(width, ACTIVATIONS);
        assertEquals(2L * positions * 12 * width + small, halved, 0.005 * wide);
    }

    /// What a layer more takes.
    private static long layersActivations(int width, Storage storage) {
        TransformerConfig some = TransformerConfig.gpt2(31, 256, 8, 8, width);
        TransformerConfig more = TransformerConfig.gpt2(31, 256, 9, 8, width);
        return MemoryEstimate.of(more, storage, 8, 256, false).activationBytes()
                - MemoryEstimate.of(some, storage, 8, 256, false).activationBytes();
    }

    @EveryBackend
    void forwardHasTheSameBitsAndGradientsAreNearThoseOfFloats(String backendName) {
        TransformerConfig config = TransformerConfig.gpt2(31, 13, 2, 2, 32, 0.1f);
        try (Backend backend = Backends.create(backendName, 2)) {
            for (boolean recompute : new boolean[] {false, true}) {
                Transformer floats = new Transformer(config, backend, 3);
                Transformer halves = new Transformer(config, backend, 3, ACTIVATIONS);
                assertEquals(lossAndGradients(floats, false), lossAndGradients(halves, recompute));
                for (Parameter parameter : floats.parameters().all()) {
                    float[] expected = parameter.gradient().toFloats();
                    float[] actual =
                            halves.parameters().get(parameter.name()).gradient().toFloats();
                    double distance = 0;
                    double size = 0;
                    for (int i = 0; i < expected.length; i++) {
                        distance += Math.pow(expected[i] - actual[i], 2);
                        size += Math.pow(expected[i], 2);
                    }
                    // Values are off by 2⁻⁹ at most; a gradient is made of a few of them, one upon the other.
                    assertTrue(
                            distance <= Math.pow(8 * 0x1p-9, 2) * size + 1e-12,
                            parameter.name() + ": " + Math.sqrt(distance) + " of " + Math.sqrt(size));
                }
            }
        }
    }

    private static float lossAndGradients(Transformer model, boolean recompute) {
        Backend backend = model.backend();
        Batch batch = new Batches(TokenSource.of(TrainerTest.text(400)), 3, 13, 1).batch(2);
        return new Arena(backend::allocate).step(() -> {
            Tensor loss =
                    model.loss(batch.inputTensor(backend), batch.targetTensor(backend), RandomKey.of(5), recompute);
            loss.backward();
            return loss.item();
        });
    }
}
