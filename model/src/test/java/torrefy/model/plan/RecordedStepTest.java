package torrefy.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.core.memory.DataType;
import torrefy.core.shape.Shape;
import torrefy.model.architecture.Storage;
import torrefy.model.architecture.TransformerConfig;

/// What a step calls, and how long that takes.
class RecordedStepTest {

    private static RecordedStep recorded(StepSetup setup) {
        return RecordedStep.of(setup, Duration.ofMillis(1));
    }

    /// Head by chunks of rows and at once, long and short, a batch in parts.
    @ParameterizedTest
    @CsvSource({"4096, 256, 4, 4, 256, 8, 1", "5257, 64, 2, 12, 768, 1, 1", "207, 31, 1, 1, 31, 7, 3"})
    void productsAndAttentionAreTheFlopsThatTheConfigurationCounts(
            int vocabulary, int context, int layers, int heads, int width, int sequences, int accumulation) {
        TransformerConfig config = TransformerConfig.gpt2(vocabulary, context, layers, heads, width);
        StepSetup setup = new StepSetup(config, Storage.F32, sequences, accumulation, context, false);
        double counted = recorded(setup).flops();
        assertEquals(1, counted / (config.flopsPerToken() * setup.tokens()), 1e-9);
    }

    @Test
    void aLlamaIsCountedLikeAGpt2() {
        TransformerConfig config = TransformerConfig.llama(207, 31, 2, 4, 2, 32, 96);
        StepSetup setup = StepSetup.of(config, 3);
        assertEquals(1, recorded(setup).flops() / (config.flopsPerToken() * setup.tokens()), 1e-9);
    }

    @Test
    void recomputationCallsForwardTwiceButForTheHead() {
        TransformerConfig config = TransformerConfig.gpt2(512, 32, 3, 2, 64);
        double once = recorded(StepSetup.of(config, 4)).flops();
        double twice =
                recorded(new StepSetup(config, Storage.F32, 4, 1, 32, true)).flops();
        double head = 6.0 * 512 * 64 * 4 * 32;
        assertEquals(1 + 1.0 / 3, (twice - head) / (once - head), 1e-9);
    }

    /// A table that was cut to one row has no other: a row beyond it is another array's memory, or nobody's.
    @Test
    void idsStayWithinATableOfOneRow() {
        // 256 rows of 4096 are more than an arena's smallest slab of 2^18.
        RecordedStep step = recorded(StepSetup.of(TransformerConfig.gpt2(300, 256, 1, 1, 4096), 1));
        KernelCall added = step.calls().keySet().stream()
                .filter(call -> call.kernel().getName().equals("scatterAddRows"))
                .max(Comparator.comparingDouble(KernelCall::bytes))
                .orElseThrow();
        KernelCall oneRow = added.cut(1e-9);
        assertTrue(oneRow.bytes() < added.bytes() / 2, oneRow.toString());
        try (Backend backend = Backends.create("scalar", 1)) {
            assertTrue(new Replay(backend).seconds(oneRow) > 0);
        }
    }

    @Test
    void everyLayerMakesTheSameCalls() {
        Map<String, Integer> counts =
                recorded(StepSetup.of(TransformerConfig.gpt2(512, 32, 5, 2, 64), 4)).calls().entrySet().stream()
                        .collect(Collectors.toMap(
                                entry -> entry.getKey().kernel().getName(), Map.Entry::getValue, Integer::sum));
        assertEquals(5, counts.get("causalAttention"));
        assertEquals(11, counts.get("layerNorm"));
        assertEquals(2, counts.get("adamW"), "matrices and vectors");
        assertEquals(1, counts.get("clip"));
    }

    /// Each with its own storage: bf16 arrays have to be made, too.
    @Test
    void everyCallOfAStepCanBeMadeAloneAndTheStepIsTheirSum() {
        TransformerConfig config = TransformerConfig.gpt2(207, 31, 2, 2, 62, 0.1f);
        Storage half = new Storage(DataType.BF16, DataType.BF16, DataType.BF16);
        List<StepSetup> setups = List.of(
                StepSetup.of(config, 3),
                StepSetup.of(TransformerConfig.llama(207, 31, 1, 4, 2, 32, 96), 3),
                new StepSetup(config, half, 2, 2, 16, true),
                new StepSetup(config, half, 40, 1, 31, false));
        for (String name : List.of("scalar", "auto")) {
            try (Backend backend = Backends.create(name, 1)) {
                // The fastest backend is slow until it is compiled: the small ones do.
                setups.subList(0, name.equals("auto") ? 3 : 4).forEach(setup -> assertSumOfCalls(setup, backend));
            }
        }
    }

    private static void assertSumOfCalls(StepSetup setup, Backend backend) {
        RecordedStep step = recorded(setup);
        StepTrial trial = StepTrial.of(backend, setup, step.calls().keySet(), Duration.ofMillis(1));
        StepCost cost = StepCost.of(step, trial.times());
        double kinds = 0;
        for (KernelCall.Kind kind : KernelCall.Kind.values()) {
            assertTrue(cost.seconds(kind) > 0, kind.title());
            kinds += cost.seconds(kind);
        }
        assertEquals(cost.seconds(), kinds + cost.graphSeconds(), 1e-9);
        assertTrue(cost.seconds() < 60, cost.toString());
    }

    @Test
    void aCallThatIsTooLargeIsMeasuredWithFewerRows() {
        RecordedStep step = recorded(StepSetup.of(TransformerConfig.gpt2(50257, 1024, 1, 12, 768), 4));
        KernelCall head = step.calls().keySet().stream()
                .max((a, b) -> Double.compare(a.flops(), b.flops()))
                .orElseThrow();
        KernelCall cut = head.cut(0.25);
        assertEquals(0.25, cut.flops() / head.flops(), 0.01, head.description());
        KernelCall clip = step.calls().keySet().stream()
                .filter(call -> call.kernel().getName().equals("clip"))
                .findFirst()
                .orElseThrow();
        assertEquals(0.1, clip.cut(0.1).bytes() / clip.bytes(), 0.01);
    }

    /// The gradient of the weights of a large batch is a long sum for each weight: a part of it has fewer terms for as
    /// many
    /// weights, and lies together in memory.
    @Test
    void aProductIsCutWhereItIsLongest() {
        RecordedStep step = recorded(StepSetup.of(TransformerConfig.gpt2(300, 512, 1, 4, 64), 16));
        KernelCall gradient = step.calls().keySet().stream()
                .filter(call -> call.operands().getFirst().shape().equals(Shape.of(64, 256)))
                .filter(call -> call.flops() == 2.0 * 64 * 256 * 512 * 16)
                .findFirst()
                .orElseThrow();
        KernelCall cut = gradient.cut(1 / 16.0);
        assertEquals(Shape.of(64, 256), cut.operands().getFirst().shape());
        assertEquals(2.0 * 64 * 256 * 512, cut.flops());
        KernelCall small = gradient.cut(1 / 256.0);
        assertEquals(Shape.of(64, 90), small.operands().getFirst().shape());
        for (KernelCall.Operand operand : small.operands()) {
            assertEquals(operand.bytes(), 4 * operand.span(), operand.toString());
        }
    }

    /// The gradient of a square matrix: half the rows and half the columns would be a quarter of the work.
    @Test
    void aCallIsCutToItsShareOfTheWorkWhateverItsShape() {
        RecordedStep step = recorded(StepSetup.of(TransformerConfig.gpt2(207, 64, 1, 4, 256), 4));
        List<KernelCall> products = step.calls().keySet().stream()
                .filter(call -> call.kind() == KernelCall.Kind.PRODUCT && call.flops() > 0)
                .toList();
        assertTrue(products.size() > 5);
        for (KernelCall product : products) {
            double share = product.cut(0.3).work() / product.work();
            assertTrue(share > 0.25 && share <= 0.3, product + ": " + share);
        }
    }

    @Test
    void inAStepThatStretchesThemKernelsTakeLongerAndTheGraphDoesNot() {
        RecordedStep step = recorded(StepSetup.of(TransformerConfig.gpt2(65, 8, 1, 1, 8), 1));
        Map<KernelCall, KernelTimes.Time> times = step.calls().keySet().stream()
                .collect(Collectors.toMap(call -> call, call -> new KernelTimes.Time(1, false)));
        KernelTimes alone = new KernelTimes(times, 1, 1);
        double calls =
                step.calls().values().stream().mapToInt(Integer::intValue).sum();
        assertEquals(calls, StepCost.of(step, alone).kernelSeconds(), 1e-9);
        assertEquals(
                1.25 * calls + step.graphSeconds(),
                StepCost.of(step, alone.inStep(1.25)).seconds(),
                1e-9);
    }

    @Test
    void whatWasNotMeasuredIsNotInvented() {
        RecordedStep step = recorded(StepSetup.of(TransformerConfig.gpt2(65, 8, 1, 1, 8), 1));
        assertThrows(IllegalArgumentException.class, () -> StepCost.of(step, new KernelTimes(Map.of(), 1, 1)));
    }
}
