package torrefy.model.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.model.layer.KeyValueCache;
import torrefy.tensor.Parameter;
import torrefy.tensor.Tensor;

class LlamaTest {

    private static final int V = 31;
    private static final TransformerConfig LLAMA = TransformerConfig.llama(V, 13, 2, 4, 2, 24, 40);

    private static Tensor ids(Backend backend, int sequences, int length) {
        int[] ids = IntStream.range(0, sequences * length)
                .map(i -> (7 * i + i * i) % V)
                .toArray();
        return Tensor.of(backend, ids, sequences, length);
    }

    @Test
    void everyParameterGetsAGradient() {
        try (Backend backend = Backends.create("scalar", 2)) {
            Transformer model = new Transformer(LLAMA, backend, 1);
            model.loss(ids(backend, 3, 7), ids(backend, 3, 7), null).backward();
            for (Parameter parameter : model.parameters().all()) {
                assertTrue(parameter.gradient().abs().max().item() > 0, parameter.name());
            }
        }
    }

    @Test
    void scoresWithACacheAreThoseWithout() {
        try (Backend backend = Backends.create("scalar", 2)) {
            Transformer model = new Transformer(LLAMA, backend, 1);
            Tensor ids = ids(backend, 3, 13);
            float[] expected = model.logits(ids).slice(1, 12, 13).toFloats();
            KeyValueCache cache = model.newCache(3);
            model.nextLogits(ids.slice(1, 0, 5).contiguous(), cache);
            for (int t = 5; t < 12; t++) {
                model.nextLogits(ids.slice(1, t, t + 1).contiguous(), cache);
            }
            Tensor last = model.nextLogits(ids.slice(1, 12, 13).contiguous(), cache);
            assertArrayEquals(expected, last.toFloats(), 1e-5f);
            assertEquals(13, cache.length());
        }
    }
}
