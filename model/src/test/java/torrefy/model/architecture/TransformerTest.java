package torrefy.model.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.core.random.RandomKey;
import torrefy.core.shape.Shape;
import torrefy.tensor.Tensor;

class TransformerTest {

    private static final int V = 31;
    private static final TransformerConfig CONFIG = TransformerConfig.gpt2(V, 13, 2, 2, 24, 0.5f);

    private final Backend backend = Backends.standard();
    private final Transformer model = new Transformer(CONFIG, backend, 1);

    private Tensor ids(int sequences, int length) {
        int[] ids = IntStream.range(0, sequences * length)
                .map(i -> (7 * i + i * i) % V)
                .toArray();
        return Tensor.of(backend, ids, sequences, length);
    }

    @Test
    void theLossIsTheCrossEntropyOfTheLogits() {
        Tensor targets = ids(3, 7);
        float expected = model.logits(ids(3, 7))
                .crossEntropy(targets, Transformer.IGNORE)
                .item();
        assertEquals(expected, model.loss(ids(3, 7), targets, null).item(), 1e-6);
    }

    @Test
    void ignoredTargetsDoNotCount() {
        int[] targets = ids(1, 7).toInts();
        float[] logits = model.logits(ids(1, 7)).toFloats();
        double expected = 0;
        for (int t : new int[] {1, 4}) {
            double sum = 0;
            for (int v = 0; v < V; v++) {
                sum += Math.exp(logits[t * V + v]);
            }
            expected += (Math.log(sum) - logits[t * V + targets[t]]) / 2;
        }
        for (int t : new int[] {0, 2, 3, 5, 6}) {
            targets[t] = Transformer.IGNORE;
        }
        assertEquals(
                expected,
                model.loss(ids(1, 7), Tensor.of(backend, targets, 1, 7), null).item(),
                1e-5);
    }

    @Test
    void aLaterTokenChangesNoEarlierScore() {
        int[] ids = ids(1, 13).toInts();
        Tensor before = model.logits(Tensor.of(backend, ids, 1, 13));
        ids[8] = (ids[8] + 1) % V;
        Tensor after = model.logits(Tensor.of(backend, ids, 1, 13));
        assertEquals(Shape.of(1, 13, V), after.shape());
        assertArrayEquals(before.slice(1, 0, 8).toFloats(), after.slice(1, 0, 8).toFloats());
        for (int t = 8; t < 13; t++) {
            assertFalse(Arrays.equals(
                    before.slice(1, t, t + 1).toFloats(),
                    after.slice(1, t, t + 1).toFloats()));
        }
    }

    /// An untrained model knows nothing, but that the token table is also the output layer makes it expect what it
    /// reads: the targets here are other tokens.
    @Test
    void theFirstLossIsThatOfAFairChoice() {
        int[] others =
                Arrays.stream(ids(3, 13).toInts()).map(id -> (id + 1) % V).toArray();
        Tensor targets = Tensor.of(backend, others, 3, 13);
        assertEquals(Math.log(V), model.loss(ids(3, 13), targets, null).item(), 0.1);
    }

    @Test
    void dropoutActsWithAKeyAndIsOffWithout() {
        float without = model.loss(ids(3, 7), ids(3, 7), null).item();
        float with = model.loss(ids(3, 7), ids(3, 7), RandomKey.of(1)).item();
        assertEquals(without, model.loss(ids(3, 7), ids(3, 7), null).item());
        assertEquals(with, model.loss(ids(3, 7), ids(3, 7), RandomKey.of(1)).item());
        assertTrue(with != without);
        assertTrue(with != model.loss(ids(3, 7), ids(3, 7), RandomKey.of(2)).item());
        Transformer plain = new Transformer(TransformerConfig.gpt2(V, 13, 2, 2, 24), backend, 1);
        assertEquals(without, plain.loss(ids(3, 7), ids(3, 7), RandomKey.of(1)).item());
    }

    @Test
    void observersSeeTheLayersInOrder() {
        List<String> names = new ArrayList<>();
        model.observe(ids(2, 7), null, (name, activation) -> {
            names.add(name);
            assertEquals(Shape.of(2, 7, 24), activation.shape());
        });
        assertEquals(List.of("embeddings", "h.0", "h.1", "ln_f"), names);
    }

    @Test
    void idsThatDoNotFitAreRefused() {
        String message = assertThrows(IllegalArgumentException.class, () -> model.logits(ids(2, 14)))
                .getMessage();
        assertTrue(message.contains("context of 13") && message.endsWith("got (2, 14)"), message);
        assertThrows(IllegalArgumentException.class, () -> model.logits(ids(2, 0)));
        assertThrows(
                IllegalArgumentException.class, () -> model.logits(ids(1, 7).reshape(7)));
        Tensor outside = Tensor.of(backend, new int[] {0, V}, 1, 2);
        message = assertThrows(IllegalArgumentException.class, () -> model.logits(outside))
                .getMessage();
        assertTrue(message.contains("token id 31 at position 1"), message);
        Tensor negative = Tensor.of(backend, new int[] {0, -1}, 1, 2);
        assertThrows(IllegalArgumentException.class, () -> model.logits(negative));
    }

    /// GPT-2's rule: 0.02, and smaller by √(2·layers) where a block writes into the stream. Of n draws the deviation
    /// is off by 1/√(2n) of itself, once.
    @Test
    void initialWeightsAreThoseOfGpt2() {
        assertDeviation("wte.weight", 0.02);
        assertDeviation("h.1.attn.c_attn.weight", 0.02);
        assertDeviation("h.1.attn.c_proj.weight", 0.02 / 2);
        assertDeviation("h.0.mlp.c_fc.weight", 0.02);
        assertDeviation("h.0.mlp.c_proj.weight", 0.02 / 2);
        for (float bias : model.parameters().get("h.0.mlp.c_fc.bias").toFloats()) {
            assertEquals(0f, bias);
        }
        for (float scale : model.parameters().get("ln_f.weight").toFloats()) {
            assertEquals(1f, scale);
        }
    }

    private void assertDeviation(String parameter, double expected) {
        float[] values = model.parameters().get(parameter).toFloats();
        double squares = 0;
        for (float value : values) {
            squares += value * (double) value / values.length;
        }
        assertEquals(expected, Math.sqrt(squares), 5 * expected / Math.sqrt(2.0 * values.length), parameter);
    }
}
