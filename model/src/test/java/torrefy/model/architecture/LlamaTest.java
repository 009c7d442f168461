package torrefy.model.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.core.backend.PlanningBackend;
import torrefy.core.backend.RotaryKernels.Pairing;
import torrefy.core.random.RandomKey;
import torrefy.core.shape.Shape;
import torrefy.model.EveryBackend;
import torrefy.model.layer.AttentionConfig;
import torrefy.model.layer.KeyValueCache;
import torrefy.model.layer.NormConfig;
import torrefy.model.layer.Positions;
import torrefy.tensor.GradientMode;
import torrefy.tensor.Parameter;
import torrefy.tensor.Tensor;

/// The Llama family, and what lies between it and GPT-2. [LlamaAgainstPyTorchTest] says that it computes the right
/// numbers.
class LlamaTest {

    private static final int V = 31;
    private static final TransformerConfig LLAMA = TransformerConfig.llama(V, 13, 2, 4, 2, 24, 40);

    private static final List<TransformerConfig> FAMILY = List.of(
            LLAMA,
            LLAMA.withAttention(AttentionConfig.grouped(3, 1, 6).withQueryKeyNorm(true))
                    .withPositions(new Positions.Rotary(500, Pairing.NEIGHBOURS))
                    .withTiedHead(true),
            LLAMA.withAttention(AttentionConfig.multiHead(2, 12)),
            LLAMA.withPositions(new Positions.Learned()).withNorm(NormConfig.layer()),
            TransformerConfig.gpt2(V, 13, 2, 2, 24).withTiedHead(false).withPositions(Positions.Rotary.of(10_000)));

    private static Tensor ids(Backend backend, int sequences, int length) {
        int[] ids = IntStream.range(0, sequences * length)
                .map(i -> (7 * i + i * i) % V)
                .toArray();
        return Tensor.of(backend, ids, sequences, length);
    }

    /// Weights so large that what a position reads from others decides.
    private static Transformer model(TransformerConfig config, Backend backend) {
        Transformer model = new Transformer(config, backend, 1);
        GradientMode.off(() -> model.parameters().all().stream()
                .filter(parameter -> parameter.rank() == 2)
                .forEach(parameter -> parameter.copyInPlace(parameter.multiply(20))));
        return model;
    }

    @EveryBackend
    void everyParameterGetsAGradient(String name) {
        try (Backend backend = Backends.create(name, 2)) {
            for (TransformerConfig config : FAMILY) {
                Transformer model = new Transformer(config, backend, 1);
                model.loss(ids(backend, 3, 7), ids(backend, 3, 7), null).backward();
                for (Parameter parameter : model.parameters().all()) {
                    assertTrue(parameter.gradient().abs().max().item() > 0, parameter.name());
                }
            }
        }
    }

    /// Several positions at a time, then one by one. A score is a sum of 24 products; in another order it differs by
    /// some 1e-7 of the largest.
    @EveryBackend
    void scoresWithACacheAreThoseWithout(String name) {
        try (Backend backend = Backends.create(name, 2)) {
            for (TransformerConfig config : FAMILY) {
                Transformer model = model(config, backend);
                Tensor ids = ids(backend, 3, 13);
                Tensor expected = GradientMode.off(() -> model.logits(ids));
                double largest = expected.abs().max().item();
                List<KeyValueCache> caches = List.of(model.newCache(13), model.newCache(13), model.newCache(13));
                for (int from = 0, to = 5; from < 13; from = to++) {
                    Tensor scores = model.nextLogits(ids.slice(1, from, to).contiguous(), caches);
                    assertArrayEquals(
                            expected.slice(1, to - 1, to).toFloats(),
                            scores.toFloats(),
                            (float) (1e-5 * largest),
                            config + ", position " + to);
                }
            }
        }
    }

    @Test
    void aCacheHoldsWhatHeadsShareOnce() {
        assertEquals(2L * 2 * 2 * 13 * 6 * Float.BYTES, cacheBytes(LLAMA));
        assertEquals(cacheBytes(LLAMA) / 2, cacheBytes(LLAMA.withAttention(AttentionConfig.grouped(4, 1, 6))));
    }

    /// Keys and values of two layers, G heads, 13 positions.
    private static long cacheBytes(TransformerConfig config) {
        PlanningBackend backend = new PlanningBackend();
        Transformer model = Transformer.undrawn(config, backend);
        long before = backend.allocatedBytes();
        model.newCache(13);
        return backend.allocatedBytes() - before;
    }

    /// What positions see of each other depends on their distance alone: with the same token everywhere, no position
    /// differs from the next, but with learned ones it does.
    @Test
    void rotaryPositionsTellDistances() {
        Backend backend = Backends.standard();
        Tensor same = Tensor.of(backend, new int[13], 1, 13);
        Tensor rotary = model(LLAMA, backend).logits(same);
        float[] first = rotary.slice(1, 0, 1).toFloats();
        assertArrayEquals(first, rotary.slice(1, 12, 13).toFloats(), 1e-4f);
        Tensor learned = model(FAMILY.get(3), backend).logits(same);
        assertNotEquals(
                learned.slice(1, 0, 1).toFloats()[0], learned.slice(1, 12, 13).toFloats()[0], 0.1);
        // But the order of different tokens is told.
        float[] there = model(LLAMA, backend)
                .logits(Tensor.of(backend, new int[] {3, 1, 4, 1, 5}, 1, 5))
                .slice(1, 4, 5)
                .toFloats();
        float[] back = model(LLAMA, backend)
                .logits(Tensor.of(backend, new int[] {1, 4, 1, 3, 5}, 1, 5))
                .slice(1, 4, 5)
                .toFloats();
        assertNotEquals(there[0], back[0], 1e-2);
    }

    @Test
    void observersSeeTheLayersInOrder() {
        List<String> names = new ArrayList<>();
        new Transformer(LLAMA, Backends.standard(), 1)
                .observe(ids(Backends.standard(), 2, 7), null, (name, activation) -> {
                    names.add(name);
                    assertEquals(Shape.of(2, 7, 24), activation.shape());
                });
        assertEquals(List.of("embeddings", "model.layers.0", "model.layers.1", "model.norm"), names);
    }

    @Test
    void dropoutActsWithAKeyAndIsOffWithout() {
        Backend backend = Backends.standard();
        Transformer model = new Transformer(LLAMA.withDropout(0.5f), backend, 1);
        Tensor ids = ids(backend, 3, 7);
        assertEquals(
                new Transformer(LLAMA, backend, 1).loss(ids, ids, null).item(),
                model.loss(ids, ids, null).item());
        assertNotEquals(
                model.loss(ids, ids, null).item(),
                model.loss(ids, ids, RandomKey.of(1)).item());
    }
}
