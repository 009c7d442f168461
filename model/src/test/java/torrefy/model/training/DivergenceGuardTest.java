package torrefy.model.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.model.EveryBackend;
import torrefy.model.Snapshot;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.optimizer.AdamW;
import torrefy.model.optimizer.Schedule;

class DivergenceGuardTest {

    /// The same 13 tokens again and again.
    private static final int[] TEXT = IntStream.range(0, 390)
            .map(i -> new int[] {5, 17, 3, 28, 11, 0, 22, 9, 30, 14, 7, 25, 19}[i % 13])
            .toArray();

    private static DivergenceGuard.Memory memory(DivergenceGuard guard, float... losses) {
        DivergenceGuard.Memory memory = DivergenceGuard.Memory.EMPTY;
        for (float loss : losses) {
            memory = guard.after(memory, loss, 1);
        }
        return memory;
    }

    /// Mean 3, variance 2.
    @Test
    void farAboveTheWindowIsAnOutlierAndFarBelowIsNot() {
        DivergenceGuard guard = new DivergenceGuard(5, 3, 2);
        DivergenceGuard.Memory memory = memory(guard, 99, 1, 2, 3, 4, 5);
        assertArrayEquals(new float[] {1, 2, 3, 4, 5}, memory.losses(), "the window's last five");
        float far = (float) (3 + 3 * Math.sqrt(2));
        assertEquals(Optional.empty(), guard.objection(memory, far - 0.01f, 1));
        assertEquals(
                "the loss (7.25) lies 3.0 deviations above the mean (3.00) of the last 5 steps",
                guard.objection(memory, far + 0.01f, 1).orElseThrow());
        assertEquals(Optional.empty(), guard.objection(memory, -100, 1));
    }

    /// All gradients had length 1: their deviation counts as a half.
    @Test
    void whatHardlyVariesMayVaryALittleMore() {
        DivergenceGuard guard = new DivergenceGuard(5, 3, 2);
        DivergenceGuard.Memory memory = memory(guard, 1, 2, 3, 4, 5);
        assertEquals(Optional.empty(), guard.objection(memory, 3, 2.4f));
        assertTrue(guard.objection(memory, 3, 3).orElseThrow().startsWith("the gradient's length (3.00) lies 4.0"));
    }

    @Test
    void untilTheWindowIsFullOnlyWhatIsNotFiniteIsLeftOut() {
        DivergenceGuard guard = new DivergenceGuard(5, 3, 2);
        DivergenceGuard.Memory memory = memory(guard, 1, 2, 3, 4);
        assertEquals(Optional.empty(), guard.objection(memory, 1000, 1000));
        assertEquals(
                "the loss (NaN) is not finite",
                guard.objection(memory, Float.NaN, 1).orElseThrow());
        assertTrue(guard.objection(memory, 1, Float.POSITIVE_INFINITY).isPresent());
        assertEquals(0, DivergenceGuard.STRICT.after(memory, 1, 1).losses().length);
    }

    @Test
    void settingsThatMeanNothingAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new DivergenceGuard(-1, 3, 2));
        assertThrows(IllegalArgumentException.class, () -> new DivergenceGuard(5, Double.NaN, 2));
        assertThrows(IllegalArgumentException.class, () -> new DivergenceGuard(5, 3, 0));
    }

    /// A text whose tokens are others while it is told so: what a model learnt does not fit it.
    private static final class Garbled implements TokenSource {
        private boolean isGarbled;

        @Override
        public long length() {
            return TEXT.length;
        }

        @Override
        public void read(long from, int[] out, int at, int count) {
            for (int i = 0; i < count; i++) {
                int token = TEXT[(int) from + i];
                out[at + i] = isGarbled ? (token * token + 5 * i) % 31 : token;
            }
        }
    }

    /// Trains for `steps` steps, of which those from `first` to `last` read a garbled text.
    private static List<StepReport> train(Transformer model, int steps, int first, int last, List<Snapshot> after) {
        Schedule schedule = new Schedule(1e-2f, 0.1f, 1);
        TrainingSettings settings = new TrainingSettings(
                        RunLength.steps(steps), schedule, AdamW.Settings.standard(), 1, 1, 0)
                .withGuard(new DivergenceGuard(20, 10, 5));
        Garbled source = new Garbled();
        List<StepReport> reports = new ArrayList<>();
        new Trainer(model, settings).train(new Batches(source, 3, 13, 1), report -> {
            reports.add(report);
            int next = report.step() + 1;
            source.isGarbled = next >= first && next <= last;
            if (next >= first && next <= last + 1) {
                after.add(new Snapshot(model));
            }
        });
        return reports;
    }

    @EveryBackend
    void stepsThatReadAGarbledTextChangeNothingAndTheRunGoesOn(String backendName) {
        try (Backend backend = Backends.create(backendName, 2)) {
            Transformer model = new Transformer(TransformerConfig.gpt2(31, 13, 1, 2, 32), backend, 1);
            List<Snapshot> after = new ArrayList<>();
            List<StepReport> reports = train(model, 66, 61, 63, after);
            for (StepReport report : reports) {
                boolean garbled = report.step() >= 61 && report.step() <= 63;
                assertEquals(garbled, report.skipped().isPresent(), report::toString);
            }
            SkippedStep skipped = reports.get(60).skipped().orElseThrow();
            assertTrue(skipped.reason().contains("deviations above the mean"), skipped.reason());
            assertArrayEquals(new Batches(new Garbled(), 3, 13, 1).starts(60), skipped.starts());
            assertEquals(4, after.size());
            after.getFirst().assertSame(after.getLast());
            assertFalse(after.getFirst().sha256().equals(new Snapshot(model).sha256()), "the last steps count");
        }
    }

    @Test
    void tooManyInARowEndTheRunWithTheWeightsFromBefore() {
        try (Backend backend = Backends.create("scalar", 1)) {
            Transformer model = new Transformer(TransformerConfig.gpt2(31, 13, 1, 2, 32), backend, 1);
            List<Snapshot> after = new ArrayList<>();
            DivergenceException e = assertThrows(DivergenceException.class, () -> train(model, 80, 61, 80, after));
            assertEquals(65, e.step());
            assertTrue(e.getMessage().contains("5 steps in a row were left out"), e.getMessage());
            assertEquals(1, e.getMessage().lines().count());
            after.getFirst().assertSame(new Snapshot(model));
        }
    }
}
