package torrefy.model.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import torrefy.core.backend.Backends;
import torrefy.model.layer.AttentionConfig;
import torrefy.model.layer.FeedForwardConfig;
import torrefy.model.layer.NormConfig;
import torrefy.model.layer.Positions;

class TransformerConfigTest {

    /// The published sizes of GPT-2.
    @ParameterizedTest
    @CsvSource({
        "12, 12, 768, 124439808",
        "24, 16, 1024, 354823168",
        "36, 20, 1280, 774030080",
        "48, 25, 1600, 1557611200"
    })
    void gpt2HasAsManyParametersAsItHas(int layers, int heads, int width, long parameters) {
        assertEquals(
                parameters,
                TransformerConfig.gpt2(50257, 1024, layers, heads, width).parameters());
    }

    /// The published sizes of Llama 2 7B, Llama 3 8B, TinyLlama 1.1B, Qwen 2.5 0.5B and Qwen 3 0.6B.
    @Test
    void theLlamaFamilyHasAsManyParametersAsItHas() {
        assertEquals(
                6_738_415_616L,
                TransformerConfig.llama(32000, 4096, 32, 32, 32, 4096, 11008).parameters());
        assertEquals(
                8_030_261_248L,
                TransformerConfig.llama(128256, 8192, 32, 32, 8, 4096, 14336).parameters());
        assertEquals(
                1_100_048_384L,
                TransformerConfig.llama(32000, 2048, 22, 32, 4, 2048, 5632).parameters());
        TransformerConfig qwen2 = TransformerConfig.llama(151936, 32768, 24, 14, 2, 896, 4864);
        assertEquals(
                494_032_768L,
                qwen2.withTiedHead(true)
                        .withAttention(qwen2.attention().withBiases(true, false))
                        .parameters());
        TransformerConfig qwen3 = TransformerConfig.llama(151936, 40960, 28, 16, 8, 1024, 3072);
        assertEquals(
                596_049_920L,
                qwen3.withTiedHead(true)
                        .withAttention(qwen3.attention().withHeadSize(128).withQueryKeyNorm(true))
                        .parameters());
    }

    @Test
    void aLlamaHasAsManyParametersAsTheFormulaSays() {
        TransformerConfig llama = TransformerConfig.llama(31, 13, 3, 6, 2, 24, 40);
        TransformerConfig gpt2 = TransformerConfig.gpt2(31, 13, 2, 2, 24);
        List<TransformerConfig> configs = List.of(
                llama,
                llama.withTiedHead(true),
                llama.withAttention(new AttentionConfig(3, 1, 10, true, true, true)),
                llama.withFeedForward(new FeedForwardConfig(7, FeedForwardConfig.Kind.SWIGLU, true)),
                llama.withPositions(new Positions.Learned()).withNorm(NormConfig.layer()),
                gpt2.withTiedHead(false),
                gpt2.withPositions(Positions.Rotary.of(500)),
                gpt2.withNorm(NormConfig.rms()).withFeedForward(FeedForwardConfig.swiGlu(64)),
                gpt2.withAttention(gpt2.attention().withBiases(false, false)));
        for (TransformerConfig config : configs) {
            Transformer model = new Transformer(config, Backends.standard(), 1);
            assertEquals(config.parameters(), model.parameters().count(), config.toString());
            assertEquals(config.count().arrays(), model.parameters().all().size(), config.toString());
            long matrices = model.parameters().all().stream()
                    .filter(parameter -> parameter.rank() == 2)
                    .mapToLong(parameter -> parameter.shape().elements())
                    .sum();
            assertEquals(config.matrixParameters(), matrices, config.toString());
        }
    }

    /// By hand for V 5, T 4, one layer, C 6, three heads of 2 that share one of keys, F 7: the output layer has 5·6
    /// weights, the maps of attention 6·6 + 2·6·2 + 6·6, those of the network 3·6·7. In attention 3·2 channels look
    /// back on 2 positions.
    @Test
    void operationsOfALlamaAreAsCountedByHand() {
        TransformerConfig config = TransformerConfig.llama(5, 4, 1, 3, 1, 6, 7);
        assertEquals(6 * (30 + 96 + 126) + 12 * 6 * 2, config.flopsPerToken());
        assertEquals(config.flopsPerToken(), config.withTiedHead(true).flopsPerToken());
    }

    @Test
    void whatMakesNoLlamaIsRefused() {
        TransformerConfig llama = TransformerConfig.llama(31, 13, 3, 6, 2, 24, 40);
        assertRefused(
                "6 heads do not share 4 key-value heads evenly; choose a divisor of 6",
                () -> TransformerConfig.llama(31, 13, 3, 6, 4, 24, 40));
        assertRefused(
                "key-value heads must be at least 1, got 0", () -> TransformerConfig.llama(31, 13, 3, 6, 0, 24, 40));
        assertRefused(
                "feed-forward width must be at least 1, got 0", () -> TransformerConfig.llama(31, 13, 3, 6, 2, 24, 0));
        assertRefused(
                "rotary positions turn pairs of channels: the head size must be even, got 3",
                () -> TransformerConfig.llama(31, 13, 3, 8, 2, 24, 40));
        assertRefused(
                "the base of rotary positions must be above 0, got 0.0",
                () -> llama.withPositions(Positions.Rotary.of(0)));
        assertRefused(
                "the norm's epsilon must be between 0 and 1, got 0.0",
                () -> llama.withNorm(new NormConfig(NormConfig.Kind.RMS, 0)));
        assertRefused(
                "head size must be at least 1, got 0", () -> llama.attention().withHeadSize(0));
    }

    private static void assertRefused(String expected, Executable config) {
        assertEquals(
                expected, assertThrows(IllegalArgumentException.class, config).getMessage());
    }

    @ParameterizedTest
    @CsvSource({"2, 1, 1, 1, 1", "31, 13, 3, 2, 14", "207, 7, 1, 13, 13"})
    void aModelHasAsManyParametersAsTheFormulaSays(int vocabulary, int context, int layers, int heads, int width) {
        TransformerConfig config = TransformerConfig.gpt2(vocabulary, context, layers, heads, width);
        Transformer model = new Transformer(config, Backends.standard(), 1);
        assertEquals(config.parameters(), model.parameters().count());
        assertEquals(width / heads, config.headSize());
    }

    /// By hand for V 5, T 4, one layer, C 2: matrices have 5·2 + 12·4 = 58 weights, used three times at two
    /// operations. Attention looks back on 2 positions on average, with 2 products of C multiplications and additions
    /// each, forward once and backward twice: 3·2·2·2·2 = 48.
    @Test
    void operationsPerTokenAreAsCountedByHand() {
        assertEquals(6 * 58 + 48, TransformerConfig.gpt2(5, 4, 1, 1, 2).flopsPerToken());
        // Beside 6 operations for each of 124 million parameters, 1024 positions of attention are 7 % more.
        TransformerConfig gpt2 = TransformerConfig.gpt2(50257, 1024, 12, 12, 768);
        assertEquals(1.07, gpt2.flopsPerToken() / (6.0 * gpt2.parameters()), 0.01);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 1, 1, 0, 'vocabulary must be at least 2, got 1'",
        "2, 0, 1, 1, 1, 0, 'context must be at least 1, got 0'",
        "2, 1, 0, 1, 1, 0, 'layers must be at least 1, got 0'",
        "2, 1, 1, 0, 1, 0, 'heads must be at least 1, got 0'",
        "2, 1, 1, 1, -7, 0, 'width must be at least 1, got -7'",
        "2, 1, 1, 4, 31, 0, 'width 31 does not divide into 4 heads; choose a multiple of 4'",
        "2, 1, 1, 1, 1, 1, 'dropout must be in [0, 1), got 1.0'",
        "2, 1, 1, 1, 1, -0.1, 'dropout must be in [0, 1), got -0.1'",
        "2, 1, 1, 1, 1, NaN, 'dropout must be in [0, 1), got NaN'",
    })
    void whatMakesNoModelIsRefused(
            int vocabulary, int context, int layers, int heads, int width, float dropout, String expected) {
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> TransformerConfig.gpt2(vocabulary, context, layers, heads, width, dropout))
                .getMessage();
        assertEquals(expected, message);
    }

    @ParameterizedTest
    @CsvSource({
        "2147483647, 1, 1, 1, 2",
        "2, 2147483647, 1, 1, 2",
        "2, 1, 1, 1, 23171",
        "2, 1, 2147483647, 1, 1",
        "2147483647, 2147483647, 2147483647, 1, 2147483647",
    })
    void aModelBeyondWhatArraysHoldIsRefused(int vocabulary, int context, int layers, int heads, int width) {
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> TransformerConfig.gpt2(vocabulary, context, layers, heads, width))
                .getMessage();
        assertTrue(message.contains("width " + width) && message.contains("too large"), message);
    }
}
