package torrefy.model.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.core.backend.RotaryKernels.Pairing;
import torrefy.core.memory.Arena;
import torrefy.core.memory.DataType;
import torrefy.core.random.RandomKey;
import torrefy.model.EveryBackend;
import torrefy.model.Snapshot;
import torrefy.model.architecture.Storage;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.evaluation.Evaluator;
import torrefy.model.layer.AttentionConfig;
import torrefy.model.layer.Positions;
import torrefy.model.optimizer.AdamW;
import torrefy.model.optimizer.Schedule;
import torrefy.tensor.Parameter;
import torrefy.tensor.Tensor;

/// What is said of training a GPT-2 in this package holds for the Llama family.
class LlamaTrainingTest {

    private static final int V = 31;
    private static final int T = 13;
    private static final TransformerConfig LLAMA = TransformerConfig.llama(V, T, 3, 4, 2, 24, 40);
    private static final TransformerConfig VARIANT = LLAMA.withAttention(
                    AttentionConfig.grouped(3, 1, 6).withBiases(true, false).withQueryKeyNorm(true))
            .withPositions(new Positions.Rotary(500, Pairing.NEIGHBOURS))
            .withTiedHead(true)
            .withDropout(0.2f);
    private static final List<TransformerConfig> FAMILY = List.of(LLAMA, VARIANT);

    private static final Storage BF16_ACTIVATIONS = new Storage(DataType.F32, DataType.F32, DataType.BF16);
    private static final Storage ALL_BF16 = new Storage(DataType.BF16, DataType.BF16, DataType.BF16);

    static List<TransformerConfig> family() {
        return FAMILY;
    }

    private static Batches batches() {
        return new Batches(TokenSource.of(TrainerTest.text(400)), 3, T, 1);
    }

    private static float lossAndGradients(Transformer model, boolean recompute) {
        Backend backend = model.backend();
        Batch batch = batches().batch(2);
        return new Arena(backend::allocate).step(() -> {
            Tensor loss =
                    model.loss(batch.inputTensor(backend), batch.targetTensor(backend), RandomKey.of(5), recompute);
            loss.backward();
            return loss.item();
        });
    }

    @EveryBackend
    void recomputedBlocksHaveTheSameBits(String name) {
        try (Backend backend = Backends.create(name, 2)) {
            for (TransformerConfig config : FAMILY) {
                Transformer plain = new Transformer(config, backend, 3);
                Transformer recomputed = new Transformer(config, backend, 3);
                assertEquals(lossAndGradients(plain, false), lossAndGradients(recomputed, true));
                for (Parameter parameter : plain.parameters().all()) {
                    assertArrayEquals(
                            parameter.gradient().toFloats(),
                            recomputed
                                    .parameters()
                                    .get(parameter.name())
                                    .gradient()
                                    .toFloats(),
                            parameter.name());
                }
            }
        }
    }

    /// As in [StorageTest]: values are off by 2⁻⁹ at most, and a gradient is made of a few of them.
    @EveryBackend
    void activationsOfBfloat16LeaveForwardAsItIsAndGradientsNear(String name) {
        try (Backend backend = Backends.create(name, 2)) {
            for (TransformerConfig config : FAMILY) {
                Transformer floats = new Transformer(config, backend, 3);
                Transformer halves = new Transformer(config, backend, 3, BF16_ACTIVATIONS);
                assertEquals(lossAndGradients(floats, false), lossAndGradients(halves, false));
                for (Parameter parameter : floats.parameters().all()) {
                    Tensor expected = parameter.gradient();
                    Tensor actual = halves.parameters().get(parameter.name()).gradient();
                    Tensor distance = actual.subtract(expected);
                    double share = distance.multiply(distance).sum().item()
                            / (expected.multiply(expected).sum().item() + 1e-10);
                    assertTrue(share <= Math.pow(8 * 0x1p-9, 2), parameter.name() + ": " + Math.sqrt(share));
                }
            }
        }
    }

    @EveryBackend
    void sameSeedGivesTheSameBitsOnAnyThreads(String name) {
        for (TransformerConfig config : FAMILY) {
            List<String> hashes = new ArrayList<>();
            for (int threads = 1; threads <= 2; threads++) {
                try (Backend backend = Backends.create(name, threads)) {
                    Transformer model = new Transformer(config, backend, 7, ALL_BF16);
                    new Trainer(model, TrainingSettings.standard(RunLength.steps(3), 1e-3f)).train(batches());
                    hashes.add(new Snapshot(model).sha256());
                }
            }
            assertEquals(hashes.get(0), hashes.get(1), config.toString());
        }
    }

    /// Nothing but tensors lies in an arena, so it is the same for every backend; scalar needs no warming up.
    @ParameterizedTest
    @MethodSource("family")
    void stepsAndAnEvaluationFillThePlannedArenaToTheByte(TransformerConfig config) {
        for (boolean recompute : new boolean[] {false, true}) {
            for (Storage storage : new Storage[] {Storage.F32, BF16_ACTIVATIONS}) {
                MemoryEstimate estimate = MemoryEstimate.of(config, storage, 3, T, recompute);
                try (Backend backend = Backends.create("scalar", 1)) {
                    Arena arena = new Arena(backend::allocate);
                    TrainingSettings settings = new TrainingSettings(
                            RunLength.steps(2),
                            new Schedule(1e-3f, 0, 1),
                            AdamW.Settings.standard(),
                            1,
                            2,
                            5,
                            recompute);
                    Transformer model = new Transformer(config, backend, 1, storage);
                    new Trainer(model, settings, arena).train(batches());
                    assertEquals(estimate.activationBytes(), arena.reservedBytes(), "all of it is reserved");
                    TokenSource text = TokenSource.of(TrainerTest.text(60));
                    new Evaluator(model, 3, T, arena).evaluate(text, 60);
                    assertEquals(estimate.arena(), arena.size(), "as far as planned");
                    long least = 16 * config.parameters();
                    assertTrue(estimate.parameterBytes() >= least, estimate + " of " + least);
                    assertTrue(estimate.parameterBytes() <= 1.001 * least + (1 << 16), estimate + " of " + least);
                }
            }
        }
    }

    /// A layer keeps of each position: the stream before each norm and what each norm makes, 4C; the queries and what
    /// attention makes, 2·H·D; keys and values, 2·G·D; what the two maps of the network make, 2F; and two numbers for
    /// the norms, and one for each head. As `BF16` what attention makes is kept twice, by attention and by the map
    /// behind it, which see it in two shapes.
    @Test
    void aLayerKeepsWhatIsComputedHere() {
        int positions = 8 * 256;
        double channels = positions * (4.0 * 512 + 2 * 8 * 64 + 2 * 2 * 64 + 2 * 1408);
        double again = positions * 8.0 * 64;
        // The small ones may find room between the others.
        double small = positions * (2 + 8) * Float.BYTES;
        assertEquals(4 * channels + small / 2, layersActivations(Storage.F32), small);
        assertEquals(2 * (channels + again) + small / 2, layersActivations(BF16_ACTIVATIONS), small);
    }

    /// What a layer more takes.
    private static long layersActivations(Storage storage) {
        return activations(storage, 9) - activations(storage, 8);
    }

    private static long activations(Storage storage, int layers) {
        TransformerConfig config = TransformerConfig.llama(31, 256, layers, 8, 2, 512, 1408);
        return MemoryEstimate.of(config, storage, 8, 256, false).activationBytes();
    }

    /// On one backend; that the others do the same is what [#lockstepAgreesWithTheScalarBackend] says.
    @Test
    void itLearns() {
        try (Backend backend = Backends.create("scalar", 2)) {
            for (TransformerConfig config : FAMILY) {
                List<Float> losses = new ArrayList<>();
                int[] text = "the quick brown fox jumps over the lazy dog. "
                        .repeat(20)
                        .chars()
                        .map(c -> c % V)
                        .toArray();
                new Trainer(new Transformer(config, backend, 1), TrainingSettings.standard(RunLength.steps(60), 1e-2f))
                        .train(new Batches(TokenSource.of(text), 8, T, 1), report -> losses.add(report.loss()));
                assertTrue(losses.getLast() < losses.getFirst() / 2, losses.toString());
            }
        }
    }

    @EveryBackend
    void lockstepAgreesWithTheScalarBackend(String name) {
        try (Backend scalar = Backends.create("scalar", 2);
                Backend backend = Backends.create(name, 2)) {
            for (TransformerConfig config : FAMILY) {
                TrainingSettings settings = TrainingSettings.standard(RunLength.steps(10), 1e-3f);
                Lockstep lockstep = new Lockstep(config, batches(), settings, scalar, backend);
                assertEquals(Optional.empty(), lockstep.run(1e-3, step -> {}));
                assertEquals(Optional.empty(), lockstep.firstDrift(5));
            }
        }
    }
}
