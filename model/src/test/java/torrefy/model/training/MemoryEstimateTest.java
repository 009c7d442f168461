package torrefy.model.training;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.model.architecture.Gpt;
import torrefy.model.architecture.GptConfig;

class MemoryEstimateTest {

    /// Wide and narrow, deep and flat, vocabularies of which a chunk holds all positions' logits or not, dropout, one
    /// position. Ten per cent allow an op to save an array without the formula being wrong at once.
    @ParameterizedTest
    @CsvSource({
        "13, 31, 1, 1, 31, 0, 7, 31",
        "65, 16, 3, 2, 16, 0, 3, 16",
        "207, 64, 2, 4, 64, 0.1, 4, 64",
        "4098, 32, 1, 2, 32, 0, 20, 31",
        "50257, 8, 1, 1, 8, 0, 8, 8",
        "31, 8, 5, 2, 128, 0.5, 1, 1",
    })
    void activationsAreWhatTheArenaGivesOut(
            int vocabulary, int context, int layers, int heads, int width, float dropout, int sequences, int length) {
        GptConfig config = new GptConfig(vocabulary, context, layers, heads, width, dropout);
        try (Backend backend = Backends.create("auto", 1)) {
            Trainer trainer =
                    new Trainer(new Gpt(config, backend, 1), TrainingSettings.standard(RunLength.steps(2), 1e-3f));
            int[] tokens = IntStream.range(0, (sequences + 1) * length + 1)
                    .map(i -> i % vocabulary)
                    .toArray();
            trainer.train(new Batches(TokenSource.of(tokens), sequences, length, 1));
            MemoryEstimate estimate = MemoryEstimate.of(config, sequences, length);
            double ratio = (double) (estimate.activationBytes() + estimate.headBytes()) / trainer.peakActivationBytes();
            assertEquals(
                    1, ratio, 0.1, trainer.peakActivationBytes() + " bytes were in use, the estimate was " + estimate);
        }
    }

    @Test
    void aModelThatFitsIsLetThrough() {
        MemoryEstimate estimate = MemoryEstimate.of(new GptConfig(4096, 256, 4, 4, 256), 8, 256);
        assertDoesNotThrow(() -> estimate.requireFits(estimate.bytes()));
        assertThrows(IllegalArgumentException.class, () -> estimate.requireFits(estimate.bytes() - 1));
    }

    @Test
    void aModelThatIsTooLargeIsRefusedWithTheHeapThatWouldDo() {
        // GPT-2 124M: 124,439,808 parameters of 16 bytes are 1898 MB.
        MemoryEstimate estimate = MemoryEstimate.of(new GptConfig(50257, 1024, 12, 12, 768), 4, 1024);
        String message = assertThrows(IllegalArgumentException.class, () -> estimate.requireFits(1L << 30))
                .getMessage();
        assertTrue(message.contains("1898 MB parameters"), message);
        assertTrue(message.contains("the heap has 1024 MB"), message);
        int at = message.indexOf("-Xmx");
        long wanted = Long.parseLong(message.substring(at + 4, message.indexOf('m', at + 4)));
        assertDoesNotThrow(() -> estimate.requireFits(wanted << 20));
        assertTrue(wanted < 1.2 * (estimate.bytes() >> 20), message);
    }
}
