package torrefy.model.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.Backend;
import torrefy.core.backend.BackendSettings;
import torrefy.core.backend.Backends;
import torrefy.core.backend.Precision;
import torrefy.kernels.opencl.OpenClBackend;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;

/// What a training step on a device may cost beside its kernels.
class OpenClStepTest {

    private static final TransformerConfig CONFIG = TransformerConfig.gpt2(67, 16, 2, 2, 24);

    private OpenClBackend backend;

    @BeforeEach
    void open() {
        Optional<String> missing = Backends.providers().stream()
                .filter(provider -> provider.name().equals("opencl"))
                .findFirst()
                .orElseThrow()
                .whyUnavailable();
        assumeTrue(
                missing.isEmpty() || Boolean.parseBoolean(System.getenv("TORREFY_REQUIRE_OPENCL")),
                () -> "no OpenCL: " + missing.orElseThrow());
        backend = (OpenClBackend) Backends.create("opencl", 1);
    }

    @AfterEach
    void close() {
        if (backend != null) {
            backend.close();
        }
    }

    private static Batches batches() {
        int[] tokens = new int[2000];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = i * i % CONFIG.vocabulary();
        }
        return new Batches(TokenSource.of(tokens), 3, CONFIG.context(), 1);
    }

    private static TrainingSettings settings(int steps) {
        return TrainingSettings.standard(RunLength.steps(steps), 1e-3f);
    }

    /// Token ids and targets go in; loss, norm and factor come out, together.
    @Test
    void aStepSendsTokensAndReadsOneResult() {
        List<long[]> counts = new ArrayList<>();
        new Trainer(new Transformer(CONFIG, backend, 1), settings(5))
                .train(batches(), report -> counts.add(new long[] {backend.uploads(), backend.downloads()}));
        for (int step = 2; step < 5; step++) {
            assertEquals(2, counts.get(step)[0] - counts.get(step - 1)[0], "uploads of step " + (step + 1));
            assertEquals(1, counts.get(step)[1] - counts.get(step - 1)[1], "downloads of step " + (step + 1));
        }
    }

    /// After the first steps nothing is allocated on the device but what token ids are sent in.
    @Test
    void memoryIsFlatOverAThousandSteps() {
        List<Long> bytes = new ArrayList<>();
        new Trainer(new Transformer(CONFIG, backend, 1), settings(1000))
                .train(batches(), report -> bytes.add(backend.allocatedBytes()));
        long early = bytes.get(10);
        for (int step = 11; step < bytes.size(); step++) {
            assertEquals(early, bytes.get(step), "bytes in device memory after step " + (step + 1));
        }
    }

    @Test
    void trainingAgreesWithTheVectorBackend() {
        try (Backend vector = Backends.create("vector", 2)) {
            Lockstep lockstep = new Lockstep(CONFIG, batches(), settings(40), vector, backend);
            List<Double> differences = new ArrayList<>();
            Optional<Integer> failed = lockstep.run(1e-3, step -> differences.add(step.difference()));
            assertEquals(
                    Optional.empty(), failed, () -> differences + "; " + lockstep.firstDrift(failed.orElseThrow()));
            assertEquals(40, differences.size());
            assertEquals(Optional.empty(), lockstep.firstDrift(20));
        }
    }

    @Test
    void theSameSeedGivesTheSameBits() {
        List<Float> first = losses();
        assertEquals(first, losses());
        assertTrue(first.get(19) < first.get(0), first.toString());
    }

    /// A rounded operand is off by up to a share of 2⁻⁹, each to another side, so that a loss of some nats should
    /// stay within a few hundredths; a product that is wrong learns less by tenths. The mean of ten, because a single
    /// batch's loss moves more than that.
    @Test
    void productsInBfloat16LearnAsWell() {
        try (Backend bf16 = bf16()) {
            double exact = meanOfTheLastTen(backend);
            double rounded = meanOfTheLastTen(bf16);
            assertEquals(exact, rounded, 0.02);
            // Not the same to the bit: then they were not rounded.
            assertNotEquals(exact, rounded);
        }
    }

    private static Backend bf16() {
        try {
            return Backends.create("opencl", new BackendSettings(1, null, Precision.BF16));
        } catch (IllegalArgumentException e) {
            return abort(e.getMessage());
        }
    }

    private static double meanOfTheLastTen(Backend backend) {
        double[] sum = new double[1];
        new Trainer(new Transformer(CONFIG, backend, 1), settings(100))
                .train(batches(), report -> sum[0] += report.step() > 90 ? report.loss() : 0);
        return sum[0] / 10;
    }

    private List<Float> losses() {
        List<Float> losses = new ArrayList<>();
        new Trainer(new Transformer(CONFIG, backend, 1), settings(20))
                .train(batches(), report -> losses.add(report.loss()));
        return losses;
    }
}
