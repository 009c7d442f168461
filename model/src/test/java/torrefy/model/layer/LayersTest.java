package torrefy.model.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.core.backend.RotaryKernels.Pairing;
import torrefy.core.random.RandomKey;
import torrefy.core.shape.Shape;
import torrefy.tensor.GradientMode;
import torrefy.tensor.Tensor;

/// Each layer beside its formula in double precision; results are of order 1 and sums have at most 31 terms, so that
/// 1e-5 is a wide margin over √31·6e-8.
class LayersTest {

    private static final double TOLERANCE = 1e-5;
    private static final Deviations DEVIATIONS = new Deviations(0.5f, 0.5f);

    private final Backend backend = Backends.standard();
    private final ParameterSpace space = new ParameterSpace(backend, 1);

    private Tensor random(String name, int... shape) {
        return Tensor.normal(backend, RandomKey.of(2).derive(name), shape);
    }

    private static CausalSelfAttention attention(ParameterSpace space, String name) {
        PositionEmbedding positions = new LearnedPositions(new ParameterSpace(space.backend(), 1), "unused", 1, 12, 1);
        return CausalSelfAttention.of(
                space, name, 12, AttentionConfig.multiHead(3, 4), positions, 1e-5f, 0, DEVIATIONS);
    }

    private static FeedForward feedForward(ParameterSpace space, String name) {
        return FeedForward.of(space, name, 12, FeedForwardConfig.gelu(48), DEVIATIONS);
    }

    private TransformerBlock block(float dropout) {
        return new TransformerBlock(
                Norm.of(space, "h.0.ln_1", 12, NormConfig.layer()),
                attention(space, "h.0.attn"),
                Norm.of(space, "h.0.ln_2", 12, NormConfig.layer()),
                feedForward(space, "h.0.mlp"),
                dropout);
    }

    private void set(String parameter, Tensor value) {
        GradientMode.off(() -> space.get(parameter).copyInPlace(value));
    }

    @Test
    void linearIsAProductAndAShift() {
        Linear linear = new Linear(space, "map", 13, 7, true, 0.5f);
        assertArrayEquals(new float[7], space.get("map.bias").toFloats());
        set("map.bias", random("bias", 7));
        Tensor x = random("x", 2, 3, 13);
        float[] actual = linear.forward(x).toFloats();
        assertEquals(Shape.of(2, 3, 7), linear.forward(x).shape());
        float[] in = x.toFloats();
        float[] weight = space.get("map.weight").toFloats();
        float[] bias = space.get("map.bias").toFloats();
        for (int row = 0; row < 6; row++) {
            for (int column = 0; column < 7; column++) {
                double sum = bias[column];
                for (int k = 0; k < 13; k++) {
                    sum += (double) in[row * 13 + k] * weight[k * 7 + column];
                }
                assertEquals(sum, actual[row * 7 + column], TOLERANCE);
            }
        }
    }

    @Test
    void embeddingLooksRowsUp() {
        Embedding embedding = new Embedding(space, "table", 7, 3, 1);
        float[] table = space.get("table.weight").toFloats();
        float[] rows =
                embedding.forward(Tensor.of(backend, new int[] {6, 0, 6}, 3)).toFloats();
        assertArrayEquals(Arrays.copyOfRange(table, 18, 21), Arrays.copyOfRange(rows, 0, 3));
        assertArrayEquals(Arrays.copyOfRange(table, 0, 3), Arrays.copyOfRange(rows, 3, 6));
        assertArrayEquals(Arrays.copyOfRange(table, 18, 21), Arrays.copyOfRange(rows, 6, 9));
        assertArrayEquals(Arrays.copyOfRange(table, 6, 12), embedding.rows(2, 2).toFloats());
    }

    @Test
    void layerNormBringsRowsToMeanZeroAndVarianceOne() {
        LayerNorm norm = new LayerNorm(space, "norm", 31, 1e-5f);
        Tensor x = random("x", 5, 31).multiply(3).add(7);
        float[] in = x.toFloats();
        float[] plain = norm.forward(x).toFloats();
        set("norm.weight", random("weight", 31));
        set("norm.bias", random("bias", 31));
        float[] scaled = norm.forward(x).toFloats();
        float[] weight = space.get("norm.weight").toFloats();
        float[] bias = space.get("norm.bias").toFloats();
        for (int row = 0; row < 5; row++) {
            double mean = 0;
            double square = 0;
            for (int c = 0; c < 31; c++) {
                mean += in[row * 31 + c] / 31.0;
            }
            for (int c = 0; c < 31; c++) {
                square += Math.pow(in[row * 31 + c] - mean, 2) / 31;
            }
            for (int c = 0; c < 31; c++) {
                double expected = (in[row * 31 + c] - mean) / Math.sqrt(square + 1e-5);
                assertEquals(expected, plain[row * 31 + c], TOLERANCE);
                assertEquals(expected * weight[c] + bias[c], scaled[row * 31 + c], 3 * TOLERANCE);
            }
        }
    }

    @Test
    void rmsNormBringsRowsToMeanSquareOne() {
        RmsNorm norm = new RmsNorm(space, "norm", 31, 1e-5f);
        Tensor x = random("x", 5, 31).multiply(3).add(7);
        float[] in = x.toFloats();
        set("norm.weight", random("weight", 31));
        float[] weight = space.get("norm.weight").toFloats();
        float[] out = norm.forward(x).toFloats();
        for (int row = 0; row < 5; row++) {
            double square = 0;
            for (int c = 0; c < 31; c++) {
                square += Math.pow(in[row * 31 + c], 2) / 31;
            }
            for (int c = 0; c < 31; c++) {
                assertEquals(in[row * 31 + c] / Math.sqrt(square + 1e-5) * weight[c], out[row * 31 + c], TOLERANCE);
            }
        }
        assertEquals(1, space.all().size(), "a scale and no shift");
    }

    /// The product of a query at position m with a key at position n is the same for all m and n of one distance, and
    /// another one for another distance.
    @ParameterizedTest
    @EnumSource(Pairing.class)
    void rotaryProductsDependOnTheDistanceAlone(Pairing pairing) {
        int context = 31;
        int headSize = 14;
        RotaryEmbedding rotary = new RotaryEmbedding(backend, context, headSize, 10_000, pairing);
        Tensor query = random("q", 1, 1, 1, headSize).expand(1, 1, context, headSize);
        Tensor key = random("k", 1, 1, 1, headSize).expand(1, 1, context, headSize);
        float[] queries = rotary.forward(query.contiguous(), 0).toFloats();
        float[] keys = rotary.forward(key.contiguous(), 0).toFloats();
        double[] byDistance = new double[context];
        for (int m = 0; m < context; m++) {
            for (int n = 0; n <= m; n++) {
                double product = 0;
                for (int i = 0; i < headSize; i++) {
                    product += (double) queries[m * headSize + i] * keys[n * headSize + i];
                }
                if (n == 0) {
                    byDistance[m] = product;
                }
                assertEquals(byDistance[m - n], product, TOLERANCE, "positions " + m + " and " + n);
            }
        }
        assertTrue(Math.abs(byDistance[0] - byDistance[1]) > 0.01);
        assertArrayEquals(
                query.slice(2, 0, 1).toFloats(), Arrays.copyOf(queries, headSize), "position 0 is not turned");
    }

    /// Position t turns pair i by `t·base^(−2i/D)`: the pairs are (0, 1), (2, 3) or (0, 2), (1, 3).
    @ParameterizedTest
    @EnumSource(Pairing.class)
    void rotaryAnglesAreThoseOfThePaper(Pairing pairing) {
        RotaryEmbedding rotary = new RotaryEmbedding(backend, 8, 4, 100, pairing);
        float[] out = rotary.forward(Tensor.of(backend, new float[] {1, 1, 0, 0}, 1, 1, 1, 4), 7)
                .toFloats();
        double fast = 7;
        double slow = 7 * Math.pow(100, -0.5);
        double[] expected = pairing == Pairing.HALVES
                ? new double[] {Math.cos(fast), Math.cos(slow), Math.sin(fast), Math.sin(slow)}
                : new double[] {Math.cos(fast) - Math.sin(fast), Math.sin(fast) + Math.cos(fast), 0, 0};
        for (int i = 0; i < 4; i++) {
            assertEquals(expected[i], out[i], TOLERANCE);
        }
    }

    @Test
    void rotaryPositionsMayBeginAnywhereAndEndInTheTable() {
        RotaryEmbedding rotary = new RotaryEmbedding(backend, 13, 6, 10_000, Pairing.HALVES);
        Tensor x = random("x", 2, 3, 13, 6);
        float[] whole = rotary.forward(x, 0).slice(2, 5, 13).toFloats();
        assertArrayEquals(
                whole, rotary.forward(x.slice(2, 5, 13).contiguous(), 5).toFloats());
        String message = assertThrows(IllegalArgumentException.class, () -> rotary.forward(x, 1))
                .getMessage();
        assertTrue(message.contains("positions 1 to 13") && message.contains("the 13"), message);
        assertThrows(IllegalArgumentException.class, () -> new RotaryEmbedding(backend, 13, 5, 10_000, Pairing.HALVES));
        assertThrows(IllegalArgumentException.class, () -> new RotaryEmbedding(backend, 0, 6, 10_000, Pairing.HALVES));
        assertThrows(IllegalArgumentException.class, () -> new RotaryEmbedding(backend, 13, 6, 0, Pairing.HALVES));
    }

    /// Whether the table was made at once or grew makes no difference.
    @Test
    void rotaryAnglesDoNotDependOnWhatWasAskedBefore() {
        Tensor x = random("x", 1, 1, 300, 6);
        RotaryEmbedding atOnce = new RotaryEmbedding(backend, 300, 6, 10_000, Pairing.NEIGHBOURS);
        float[] expected = atOnce.forward(x, 0).toFloats();
        RotaryEmbedding grown = new RotaryEmbedding(backend, 300, 6, 10_000, Pairing.NEIGHBOURS);
        for (int t = 0; t < 300; t++) {
            float[] row = grown.forward(x.slice(2, t, t + 1), t).toFloats();
            assertArrayEquals(Arrays.copyOfRange(expected, 6 * t, 6 * t + 6), row);
        }
    }

    @Test
    void attentionLooksAtNoLaterPosition() {
        CausalSelfAttention attention = attention(space, "attn");
        Tensor x = random("x", 2, 7, 12);
        Tensor changed = Tensor.concat(1, x.slice(1, 0, 4), random("other", 2, 3, 12));
        Tensor before = attention.forward(x, AttentionSpan.SEQUENCE, null);
        Tensor after = attention.forward(changed, AttentionSpan.SEQUENCE, null);
        assertArrayEquals(before.slice(1, 0, 4).toFloats(), after.slice(1, 0, 4).toFloats());
        assertFalse(Arrays.equals(
                before.slice(1, 4, 5).toFloats(), after.slice(1, 4, 5).toFloats()));
    }

    @Test
    void blockAddsWhatItsPartsCompute() {
        TransformerBlock block = block(0);
        Tensor x = random("x", 2, 7, 12);
        ParameterSpace again = new ParameterSpace(backend, 1);
        LayerNorm first = new LayerNorm(again, "h.0.ln_1", 12, 1e-5f);
        CausalSelfAttention attention = attention(again, "h.0.attn");
        LayerNorm second = new LayerNorm(again, "h.0.ln_2", 12, 1e-5f);
        FeedForward feedForward = feedForward(again, "h.0.mlp");
        Tensor middle = x.add(attention.forward(first.forward(x), AttentionSpan.SEQUENCE, null));
        Tensor expected = middle.add(feedForward.forward(second.forward(middle), null));
        // The block adds while it multiplies: sums in another order.
        assertArrayEquals(
                expected.toFloats(),
                block.forward(x, AttentionSpan.SEQUENCE, null).toFloats(),
                (float) TOLERANCE);
        assertEquals(again.count(), space.count());
    }

    @Test
    void dropoutActsInTrainingAndIsOffWithoutAKey() {
        TransformerBlock block = block(0.5f);
        Tensor x = random("x", 2, 7, 12);
        float[] evaluated = block.forward(x, AttentionSpan.SEQUENCE, null).toFloats();
        float[] trained =
                block.forward(x, AttentionSpan.SEQUENCE, RandomKey.of(1)).toFloats();
        assertArrayEquals(
                evaluated, block.forward(x, AttentionSpan.SEQUENCE, null).toFloats());
        assertArrayEquals(
                trained,
                block.forward(x, AttentionSpan.SEQUENCE, RandomKey.of(1)).toFloats());
        assertFalse(Arrays.equals(evaluated, trained));
        assertFalse(Arrays.equals(
                trained,
                block.forward(x, AttentionSpan.SEQUENCE, RandomKey.of(2)).toFloats()));
    }

    /// With one of its parts silenced, what a block adds is the other part, of which dropout takes about half: of 168
    /// elements at least 40 and at most 128, but for one case in 10^11. The parts lose different elements.
    @Test
    void dropoutActsOnBothPartsOfABlock() {
        String attention = "h.0.attn.c_proj";
        String feedForward = "h.0.mlp.c_proj";
        TransformerBlock block = block(0.5f);
        Tensor x = random("x", 2, 7, 12);
        Map<String, String> lost = new HashMap<>();
        for (String silenced : List.of(attention, feedForward)) {
            Tensor weight = space.get(silenced + ".weight").detachedCopy();
            set(silenced + ".weight", Tensor.zeros(backend, weight.shape().sizes()));
            float[] added = block.forward(x, AttentionSpan.SEQUENCE, RandomKey.of(1))
                    .subtract(x)
                    .toFloats();
            set(silenced + ".weight", weight);
            StringBuilder mask = new StringBuilder();
            for (float element : added) {
                mask.append(element == 0 ? '0' : '1');
            }
            long zeros = mask.chars().filter(c -> c == '0').count();
            assertTrue(zeros >= 40 && zeros <= 128, silenced + " silenced: " + zeros);
            lost.put(silenced, mask.toString());
        }
        assertFalse(lost.get(attention).equals(lost.get(feedForward)));
    }

    @Test
    void aCacheThatIsFullSaysSo() {
        KeyValueCache cache = new KeyValueCache(backend, 1, 3, 7, 4);
        CausalSelfAttention attention = attention(space, "attn");
        GradientMode.off(() -> attention.forward(random("x", 1, 5, 12), AttentionSpan.after(List.of(cache)), null));
        cache.advance(5);
        String message = assertThrows(
                        IllegalStateException.class,
                        () -> GradientMode.off(() ->
                                attention.forward(random("x", 1, 3, 12), AttentionSpan.after(List.of(cache)), null)))
                .getMessage();
        assertEquals("the cache holds 5 of 7 positions; 3 more do not fit", message);
        cache.clear();
        assertEquals(0, cache.length());
        GradientMode.off(() -> attention.forward(random("x", 1, 7, 12), AttentionSpan.after(List.of(cache)), null));
    }
}
