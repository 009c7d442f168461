package torrefy.model.training;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import torrefy.core.backend.ArrayMemory;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.core.memory.Arena;
import torrefy.core.memory.DataType;
import torrefy.model.architecture.Storage;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.evaluation.Evaluator;
import torrefy.model.optimizer.AdamW;
import torrefy.model.optimizer.Schedule;

class MemoryEstimateTest {

    /// Wide and narrow, deep and flat, fewer and more positions than channels, vocabularies of which a chunk holds all
    /// positions' logits or not, dropout, one position.
    @ParameterizedTest
    @CsvSource({
        "13, 31, 1, 1, 31, 0, 7, 31",
        "65, 16, 3, 2, 16, 0, 3, 16",
        "207, 64, 2, 4, 64, 0.1, 4, 64",
        "4098, 32, 1, 2, 32, 0, 20, 31",
        "50257, 8, 1, 1, 8, 0, 8, 8",
        "31, 8, 5, 2, 128, 0.5, 1, 1",
        "1031, 13, 2, 3, 96, 0.1, 3, 13",
    })
    void stepsAndAnEvaluationFillThePlannedArenaToTheByte(
            int vocabulary, int context, int layers, int heads, int width, float dropout, int sequences, int length) {
        TransformerConfig config = TransformerConfig.gpt2(vocabulary, context, layers, heads, width, dropout);
        for (int way = 0; way < 4; way++) {
            boolean recompute = way % 2 == 1;
            Storage storage = new Storage(DataType.F32, DataType.F32, way < 2 ? DataType.F32 : DataType.BF16);
            MemoryEstimate estimate = MemoryEstimate.of(config, storage, sequences, length, recompute);
            try (Backend backend = Backends.create("auto", 1)) {
                Arena arena = new Arena(backend::allocate);
                TrainingSettings settings = new TrainingSettings(
                        RunLength.steps(2), new Schedule(1e-3f, 0, 1), AdamW.Settings.standard(), 1, 2, 5, recompute);
                Transformer model = new Transformer(config, backend, 1, storage);
                int[] tokens = IntStream.range(0, (sequences + 1) * length + 1)
                        .map(i -> i % vocabulary)
                        .toArray();
                new Trainer(model, settings, arena).train(new Batches(TokenSource.of(tokens), sequences, length, 1));
                assertEquals(estimate.activationBytes(), arena.reservedBytes(), "all of it is reserved");
                new Evaluator(model, sequences, length, arena).evaluate(TokenSource.of(tokens), tokens.length);
                assertEquals(estimate.arena(), arena.size(), "as far as planned");
                assertEquals(estimate.activationBytes(), arena.reservedBytes(), "and no more is reserved");
                assertParametersFill(estimate, config);
                // Of what is reserved, next to nothing lies in gaps; of two types, each has its peak at its own time.
                assertTrue(
                        way >= 2 || arena.peakBytes() > 0.8 * arena.reservedBytes() - 4096,
                        arena.peakBytes() + " of " + arena.reservedBytes());
            }
        }
    }

    /// Parameters begin at cache lines, and what was expected of their number is rounded up.
    private static void assertParametersFill(MemoryEstimate estimate, TransformerConfig config) {
        long least = 16 * config.parameters();
        assertTrue(estimate.parameterBytes() >= least, estimate + " of " + least);
        assertTrue(estimate.parameterBytes() <= 1.001 * least + (1 << 16), estimate + " of " + least);
    }

    @Test
    void anEstimateOfAHugeModelTakesNoMemoryAndNoTime() {
        // GPT-2 1.5B
        TransformerConfig config = TransformerConfig.gpt2(50257, 1024, 48, 25, 1600);
        long start = System.nanoTime();
        MemoryEstimate estimate = MemoryEstimate.of(config, 4, 1024, false);
        assertTrue(System.nanoTime() - start < 2e9);
        assertParametersFill(estimate, config);
        MemoryEstimate recomputed = MemoryEstimate.of(config, 4, 1024, true);
        assertTrue(recomputed.activationBytes() < 0.25 * estimate.activationBytes(), estimate + " " + recomputed);
    }

    private static final CollectedHeap SERIAL = new CollectedHeap(OptionalLong.of(32L << 20), 3L << 20, 0);
    private static final CollectedHeap G1 = new CollectedHeap(OptionalLong.empty(), 0, 1L << 20);

    @Test
    void aModelThatFitsIsLetThrough() {
        MemoryEstimate estimate = MemoryEstimate.of(TransformerConfig.gpt2(4096, 256, 4, 4, 256), 8, 256, false);
        assertDoesNotThrow(() -> estimate.requireFits(ArrayMemory.heap(estimate.bytes())));
        assertThrows(
                IllegalArgumentException.class, () -> estimate.requireFits(ArrayMemory.heap(estimate.bytes() - 1)));
    }

    @Test
    void aModelThatIsTooLargeIsRefusedWithTheHeapThatWouldDo() {
        // GPT-2 124M: 124,439,808 parameters of 16 bytes are 1898 MB.
        MemoryEstimate estimate = MemoryEstimate.of(TransformerConfig.gpt2(50257, 1024, 12, 12, 768), 4, 1024, false);
        for (CollectedHeap heap : List.of(SERIAL, G1)) {
            long wanted = estimate.wanted(1L << 30, heap);
            assertTrue(wanted >= estimate.bytes(heap) && wanted < 1.3 * estimate.bytes(heap), heap.toString());
        }
        String message = assertThrows(
                        IllegalArgumentException.class, () -> estimate.requireFits(ArrayMemory.heap(1L << 30)))
                .getMessage();
        assertTrue(message.contains("1898 MB parameters"), message);
        assertTrue(message.contains("there is a heap of 1024 MB"), message);
        int at = message.indexOf("-Xmx");
        long asked = Long.parseLong(message.substring(at + 4, message.indexOf('m', at + 4)));
        assertDoesNotThrow(() -> estimate.requireFits(ArrayMemory.heap(asked << 20)));
    }

    /// What a program held beside a step's arrays and young objects that did nothing but train, there where the
    /// processes below were measured: 80 to 105 MB.
    private static final long PROGRAM = 100_000_000;

    /// What processes that did nothing but this held at most, VmHWM in /proc/self/status, on two cores with Temurin
    /// 25.0.3 and `-XX:+UseSerialGC -Xmn32m`, in kB. [#residentBytes] has to be true within 5 %.
    @ParameterizedTest
    @CsvSource({
        "50257, 1024, 12, 768, 4, 64, false, 2257776",
        "50257, 1024, 12, 768, 4, 64, true, 2165376",
        "8192, 256, 8, 512, 8, 256, false, 1047124",
        "4096, 256, 4, 256, 8, 256, false, 322684",
        "4096, 256, 4, 256, 1, 32, false, 197316",
    })
    void theProcessTakesWhatIsSaid(
            int vocabulary, int context, int layers, int width, int sequences, int length, boolean recompute, long kB) {
        MemoryEstimate estimate = MemoryEstimate.of(
                TransformerConfig.gpt2(vocabulary, context, layers, width / 64, width), sequences, length, recompute);
        long said = estimate.residentBytes(PROGRAM, SERIAL).orElseThrow();
        assertEquals(1, (double) said / (kB << 10), 0.05, said + " bytes were said");
    }

    @Test
    void aCollectorWithoutBoundsIsNotGuessedAt() {
        MemoryEstimate estimate = MemoryEstimate.of(TransformerConfig.gpt2(50257, 1024, 12, 12, 768), 4, 64, false);
        assertTrue(estimate.residentBytes(PROGRAM, G1).isEmpty());
        String unknown = estimate.description(OptionalLong.empty());
        assertTrue(unknown.contains("1898 MB for weights, gradients and moments"), unknown);
        assertTrue(unknown.contains("as much more as the garbage collector lets lie"), unknown);
        String known = estimate.description(OptionalLong.of(300L << 20));
        assertTrue(known.endsWith("the whole process about 300 MB"), known);
    }
}
