package torrefy.model.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.core.random.RandomKey;
import torrefy.model.EveryBackend;
import torrefy.model.Snapshot;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.tensor.Parameter;
import torrefy.tensor.Tensor;

/// Blocks that are computed a second time in backward: the same numbers for less memory.
class RecomputeTest {

    private static final TransformerConfig CONFIG = TransformerConfig.gpt2(31, 13, 3, 2, 24, 0.2f);

    @EveryBackend
    void lossAndGradientsHaveTheSameBits(String backendName) {
        try (Backend backend = Backends.create(backendName, 2)) {
            Batch batch = new Batches(TokenSource.of(TrainerTest.text(400)), 3, 13, 1).batch(2);
            Transformer plain = new Transformer(CONFIG, backend, 3);
            Transformer recomputed = new Transformer(CONFIG, backend, 3);
            RandomKey key = RandomKey.of(5);
            Tensor expected = plain.loss(batch.inputTensor(backend), batch.targetTensor(backend), key, false);
            Tensor loss = recomputed.loss(batch.inputTensor(backend), batch.targetTensor(backend), key, true);
            assertEquals(expected.item(), loss.item());
            expected.backward();
            loss.backward();
            for (Parameter parameter : plain.parameters().all()) {
                assertArrayEquals(
                        parameter.gradient().toFloats(),
                        recomputed.parameters().get(parameter.name()).gradient().toFloats(),
                        parameter.name());
            }
        }
    }

    @EveryBackend
    void aRunHasTheSameBits(String backendName) {
        try (Backend backend = Backends.create(backendName, 2)) {
            List<Snapshot> ends = new ArrayList<>();
            for (boolean recompute : new boolean[] {false, true}) {
                Transformer model = new Transformer(CONFIG, backend, 3);
                TrainingSettings settings =
                        TrainingSettings.standard(RunLength.steps(3), 3e-3f).withRecompute(recompute);
                new Trainer(model, settings).train(new Batches(TokenSource.of(TrainerTest.text(400)), 3, 13, 1));
                ends.add(new Snapshot(model));
            }
            ends.get(0).assertSame(ends.get(1));
        }
    }

    /// The exact size is held against a run's by [MemoryEstimateTest].
    @Test
    void theMoreLayersTheMoreIsSaved() {
        TransformerConfig deep = TransformerConfig.gpt2(31, 64, 24, 2, 64);
        long plain = MemoryEstimate.of(deep, 8, 64, false).activationBytes();
        long recomputed = MemoryEstimate.of(deep, 8, 64, true).activationBytes();
        assertTrue(recomputed < 0.2 * plain, recomputed + " of " + plain);
    }
}
