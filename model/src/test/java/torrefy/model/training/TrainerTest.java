package torrefy.model.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.core.random.RandomKey;
import torrefy.model.EveryBackend;
import torrefy.model.Snapshot;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.optimizer.AdamW;
import torrefy.model.optimizer.GradientNorm;
import torrefy.model.optimizer.Schedule;
import torrefy.tensor.Parameter;
import torrefy.tensor.Tensor;

class TrainerTest {

    private static final TransformerConfig PLAIN = TransformerConfig.gpt2(31, 13, 2, 2, 24);
    private static final TransformerConfig WITH_DROPOUT = TransformerConfig.gpt2(31, 13, 2, 2, 24, 0.2f);
    private static final Schedule CONSTANT = new Schedule(3e-3f, 0, 1);

    /// A text in which the next token follows from the two before.
    static int[] text(int length) {
        int[] tokens = new int[length];
        for (int i = 0; i < length; i++) {
            tokens[i] = i < 2 ? i + 1 : (3 * tokens[i - 1] + 7 * tokens[i - 2] + 1) % 31;
        }
        return tokens;
    }

    private static TrainingSettings settings(int steps, int accumulation) {
        return new TrainingSettings(RunLength.steps(steps), CONSTANT, AdamW.Settings.standard(), 1, accumulation, 5);
    }

    /// Long enough that matrix products and element-wise kernels cut their work into several pieces.
    @EveryBackend
    void sameSeedGivesTheSameBitsWithOneTwoAndThreeThreads(String backendName) {
        TransformerConfig config = TransformerConfig.gpt2(207, 64, 2, 2, 96, 0.1f);
        List<String> hashes = new ArrayList<>();
        for (int threads = 1; threads <= 3; threads++) {
            try (Backend backend = Backends.create(backendName, threads)) {
                Transformer model = new Transformer(config, backend, 7);
                String before = new Snapshot(model).sha256();
                Batches batches = new Batches(TokenSource.of(text(2000)), 4, 64, 7);
                new Trainer(model, settings(3, 2)).train(batches);
                hashes.add(new Snapshot(model).sha256());
                assertNotEquals(before, hashes.getLast());
            }
        }
        assertEquals(hashes.get(0), hashes.get(1), "1 and 2 threads");
        assertEquals(hashes.get(0), hashes.get(2), "1 and 3 threads");
    }

    @EveryBackend
    void everySeedMatters(String backendName) {
        try (Backend backend = Backends.create(backendName, 2)) {
            String standard = trained(backend, 1, 1, 1);
            assertEquals(standard, trained(backend, 1, 1, 1));
            assertNotEquals(standard, trained(backend, 2, 1, 1), "the seed of the weights");
            assertNotEquals(standard, trained(backend, 1, 2, 1), "the seed of the batches");
            assertNotEquals(standard, trained(backend, 1, 1, 2), "the seed of dropout");
        }
    }

    private static String trained(Backend backend, long weights, long batches, long dropout) {
        Transformer model = new Transformer(WITH_DROPOUT, backend, weights);
        TrainingSettings settings =
                new TrainingSettings(RunLength.steps(3), CONSTANT, AdamW.Settings.standard(), 1, 1, dropout);
        new Trainer(model, settings).train(new Batches(TokenSource.of(text(400)), 3, 13, batches));
        return new Snapshot(model).sha256();
    }

    /// The loop written out, without arena and listeners, gives the same bits.
    @EveryBackend
    void aStepIsWhatItsDefinitionSays(String backendName) {
        try (Backend backend = Backends.create(backendName, 2)) {
            Batches batches = new Batches(TokenSource.of(text(400)), 3, 13, 1);
            Transformer trained = new Transformer(WITH_DROPOUT, backend, 3);
            List<StepReport> reports = new ArrayList<>();
            new Trainer(trained, settings(4, 2)).train(batches, reports::add);

            Transformer model = new Transformer(WITH_DROPOUT, backend, 3);
            AdamW optimizer = new AdamW(model.parameters(), AdamW.Settings.standard());
            for (int step = 0; step < 4; step++) {
                model.parameters().zeroGradients();
                double sum = 0;
                for (int index = 2 * step; index < 2 * step + 2; index++) {
                    Batch batch = batches.batch(index);
                    RandomKey key = RandomKey.of(5).derive("dropout").derive(index);
                    Tensor loss = model.loss(batch.inputTensor(backend), batch.targetTensor(backend), key);
                    sum += loss.item();
                    loss.multiply(0.5f).backward();
                }
                double norm = GradientNorm.of(model.parameters());
                optimizer.step(3e-3f, GradientNorm.clip(norm, 1));
                StepReport report = reports.get(step);
                assertEquals(step + 1, report.step());
                assertEquals((float) (sum / 2), report.loss());
                assertEquals((float) norm, report.gradientNorm());
                assertEquals(3e-3f, report.learningRate());
                assertEquals((step + 1) * 2L * 3 * 13, report.tokens());
            }
            assertEquals(4, reports.size());
            new Snapshot(model).assertSame(new Snapshot(trained));
        }
    }

    @EveryBackend
    void oneBatchIsLearntByHeart(String backendName) {
        try (Backend backend = Backends.create(backendName, 2)) {
            Transformer model = new Transformer(TransformerConfig.gpt2(31, 13, 2, 2, 32), backend, 1);
            // Windows of 13 in 39 tokens: two of them, so that every batch of two holds both, in one order or the
            // other.
            // The offset differs from epoch to epoch; with a text of period 13 the windows are rotations of one.
            int[] random = {5, 17, 3, 28, 11, 0, 22, 9, 30, 14, 7, 25, 19};
            int[] tokens = new int[39];
            for (int i = 0; i < tokens.length; i++) {
                tokens[i] = random[i % 13];
            }
            List<StepReport> reports = new ArrayList<>();
            TrainingSettings settings = new TrainingSettings(
                    RunLength.steps(150), new Schedule(1e-2f, 0.1f, 0.1f), AdamW.Settings.standard(), 1, 1, 0);
            new Trainer(model, settings).train(new Batches(TokenSource.of(tokens), 2, 13, 1), reports::add);
            assertEquals(
                    Math.log(31), reports.getFirst().loss(), 0.3, "before training all tokens are about as likely");
            assertTrue(
                    reports.getLast().loss() < 0.01,
                    "the loss is " + reports.getLast().loss());
        }
    }

    /// The mean over a whole batch is the mean of the means over its halves; only sums are rounded in another order. A
    /// gradient is a sum of 4·13 terms of about its largest element's size or less, so that 1e-5 of that element is a
    /// wide margin over √52·6e-8.
    @EveryBackend
    void twoHalfBatchesGiveTheGradientOfTheWhole(String backendName) {
        try (Backend backend = Backends.create(backendName, 2)) {
            Transformer whole = new Transformer(PLAIN, backend, 1);
            Transformer halves = new Transformer(PLAIN, backend, 1);
            TokenSource source = TokenSource.of(text(400));
            Batch four = new Batches(source, 4, 13, 1).batch(3);
            whole.loss(four.inputTensor(backend), four.targetTensor(backend), null)
                    .backward();
            Batches two = new Batches(source, 2, 13, 1);
            for (int part = 6; part < 8; part++) {
                Batch half = two.batch(part);
                halves.loss(half.inputTensor(backend), half.targetTensor(backend), null)
                        .multiply(0.5f)
                        .backward();
            }
            for (Parameter parameter : whole.parameters().all()) {
                float[] expected = parameter.gradient().toFloats();
                float[] actual =
                        halves.parameters().get(parameter.name()).gradient().toFloats();
                double largest = 0;
                for (float value : expected) {
                    largest = Math.max(largest, Math.abs(value));
                }
                for (int i = 0; i < expected.length; i++) {
                    assertEquals(expected[i], actual[i], 1e-5 * largest + 1e-8, parameter.name());
                }
            }
        }
    }

    /// A learning rate of 0.003 moves a weight by at most about that; where a gradient is next to nothing, rounding
    /// decides the direction, so the losses are compared, not the weights.
    @EveryBackend
    void accumulationTrainsAsWholeBatchesDo(String backendName) {
        try (Backend backend = Backends.create(backendName, 2)) {
            TokenSource source = TokenSource.of(text(400));
            List<StepReport> whole = new ArrayList<>();
            List<StepReport> halves = new ArrayList<>();
            new Trainer(new Transformer(PLAIN, backend, 1), settings(8, 1))
                    .train(new Batches(source, 4, 13, 1), whole::add);
            new Trainer(new Transformer(PLAIN, backend, 1), settings(8, 2))
                    .train(new Batches(source, 2, 13, 1), halves::add);
            for (int step = 0; step < 8; step++) {
                assertEquals(whole.get(step).loss(), halves.get(step).loss(), 1e-4);
                assertEquals(whole.get(step).tokens(), halves.get(step).tokens());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7})
    void exactlyTheStepsAskedForAreTaken(int steps) {
        try (Backend backend = Backends.create("auto", 1)) {
            List<Integer> seen = new ArrayList<>();
            new Trainer(new Transformer(PLAIN, backend, 1), settings(steps, 1))
                    .train(new Batches(TokenSource.of(text(400)), 3, 13, 1), report -> seen.add(report.step()));
            assertEquals(steps, seen.size());
            assertEquals(steps, seen.getLast());
        }
    }

    @EveryBackend
    void aDeadlineThatHasPassedStillAllowsOneStep(String backendName) {
        try (Backend backend = Backends.create(backendName, 1)) {
            List<StepReport> reports = new ArrayList<>();
            TrainingSettings settings = TrainingSettings.standard(RunLength.until(System.nanoTime() - 1), 1e-3f);
            new Trainer(new Transformer(PLAIN, backend, 1), settings)
                    .train(new Batches(TokenSource.of(text(400)), 3, 13, 1), reports::add);
            assertEquals(1, reports.size());
            assertEquals(1e-4f, reports.get(0).learningRate(), 1e-9f, "the floor: the run is over");
        }
    }
}
