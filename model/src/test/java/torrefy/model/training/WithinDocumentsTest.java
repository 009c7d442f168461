package torrefy.model.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.core.memory.Arena;
import torrefy.model.EveryBackend;
import torrefy.model.Snapshot;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.checkpoint.RunFacts;
import torrefy.model.evaluation.Evaluator;
import torrefy.tensor.Parameter;
import torrefy.tensor.Tensor;

/// Documents that share a sequence, of which none sees another.
class WithinDocumentsTest {

    private static final int START = 0;
    private static final List<TransformerConfig> CONFIGS =
            List.of(TransformerConfig.gpt2(31, 13, 2, 2, 24), TransformerConfig.llama(31, 13, 2, 4, 2, 24, 40));

    private static final int[] FIRST = {START, 3, 4, 5, 6};
    private static final int[] OTHER_FIRST = {START, 17, 3, 29, 1};
    private static final int[] SECOND = {START, 9, 8, 7, 3, 2, 20, 11};

    /// The loss of what follows in the second document alone, from both in one sequence.
    private static float lossOfSecond(Transformer model, int[] first, int documentStart, boolean recompute) {
        int[] ids = new int[13];
        System.arraycopy(first, 0, ids, 0, 5);
        System.arraycopy(SECOND, 0, ids, 5, 8);
        int[] targets = new int[13];
        for (int i = 0; i < 13; i++) {
            targets[i] = i < 5 || i == 12 ? Transformer.IGNORE : ids[i + 1];
        }
        Batch batch = new Batch(ids, targets, 1, 13);
        model.parameters().zeroGradients();
        Tensor loss = model.loss(
                batch.inputTensor(model.backend()),
                batch.targetTensor(model.backend()),
                null,
                recompute,
                batch.documents(documentStart));
        loss.backward();
        return loss.item();
    }

    @EveryBackend
    void aDocumentIsPredictedFromItselfAlone(String name) {
        try (Backend backend = Backends.create(name, 2)) {
            for (TransformerConfig config : CONFIGS) {
                Transformer model = new Transformer(config, backend, 1);
                float loss = lossOfSecond(model, FIRST, START, false);
                assertEquals(loss, lossOfSecond(model, OTHER_FIRST, START, false));
                assertNotEquals(
                        lossOfSecond(model, FIRST, TrainingSettings.ACROSS_DOCUMENTS, false),
                        lossOfSecond(model, OTHER_FIRST, TrainingSettings.ACROSS_DOCUMENTS, false));
            }
        }
    }

    @EveryBackend
    void recomputationGivesTheSameBits(String name) {
        try (Backend backend = Backends.create(name, 2)) {
            for (TransformerConfig config : CONFIGS) {
                Transformer model = new Transformer(config, backend, 1);
                float loss = lossOfSecond(model, FIRST, START, false);
                List<float[]> gradients = gradients(model);
                assertEquals(loss, lossOfSecond(model, FIRST, START, true));
                List<float[]> again = gradients(model);
                for (int i = 0; i < again.size(); i++) {
                    assertArrayEquals(gradients.get(i), again.get(i));
                }
            }
        }
    }

    private static List<float[]> gradients(Transformer model) {
        return model.parameters().all().stream()
                .map(Parameter::gradient)
                .map(Tensor::toFloats)
                .toList();
    }

    /// Rotary positions are distances: a document that stands alone gives what it gives behind another.
    @Test
    void aDocumentBehindAnotherIsLikeOneThatStandsAlone() {
        try (Backend backend = Backends.create("scalar", 1)) {
            Transformer model = new Transformer(CONFIGS.get(1), backend, 1);
            Batch alone = new Batch(SECOND, new int[] {9, 8, 7, 3, 2, 20, 11, Transformer.IGNORE}, 1, SECOND.length);
            float expected = model.loss(alone.inputTensor(backend), alone.targetTensor(backend), null)
                    .item();
            assertEquals(expected, lossOfSecond(model, FIRST, START, false), 1e-6f);
        }
    }

    @Test
    void trainerAndEvaluatorCutTheirBatches() {
        try (Backend backend = Backends.create("vector", 2)) {
            Batches batches = new Batches(TokenSource.of(TrainerTest.text(400)), 3, 13, 1);
            TrainingSettings across = TrainingSettings.standard(RunLength.steps(3), 1e-3f);
            Trainer trainer = new Trainer(new Transformer(CONFIGS.get(0), backend, 1), across.withDocumentStart(5));
            trainer.train(batches);
            Transformer other = new Transformer(CONFIGS.get(0), backend, 1);
            new Trainer(other, across).train(batches);
            assertNotEquals(new Snapshot(other).sha256(), new Snapshot(trainer.model()).sha256());

            TokenSource text = TokenSource.of(TrainerTest.text(200));
            Arena arena = new Arena(backend::allocate);
            assertNotEquals(
                    new Evaluator(other, 3, 13, 13, arena).evaluate(text, 1).loss(),
                    new Evaluator(other, 3, 13, 13, arena, 5).evaluate(text, 1).loss());
            assertEquals(
                    "within documents, which token 5 begins",
                    RunFacts.of(trainer, batches).fixed().get("attention"),
                    "so that no other run goes on");
            assertTrue(across.withRecompute(true).withDocumentStart(5).recompute());
        }
    }
}
