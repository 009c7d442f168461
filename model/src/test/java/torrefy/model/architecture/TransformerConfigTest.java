package torrefy.model.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import torrefy.core.backend.Backends;

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
