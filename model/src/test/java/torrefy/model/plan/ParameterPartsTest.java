package torrefy.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import torrefy.model.architecture.TransformerConfig;

class ParameterPartsTest {

    /// GPT-2 124M: 50257·768 + 1024·768 of embeddings, 12 layers of 4·768² + 4·768 in attention.
    @Test
    void partsAreThoseOfGpt2() {
        TransformerConfig config = TransformerConfig.gpt2(50257, 1024, 12, 12, 768);
        ParameterParts parts = ParameterParts.of(config);
        assertEquals(124_439_808, parts.total());
        assertEquals(config.parameters(), parts.total());
        assertEquals(39_383_808, parts.embedding());
        assertEquals(28_348_416, parts.attention());
        assertEquals(0, parts.head());
        assertTrue(parts.description().contains("head shared with the embedding"));
    }

    /// Llama 3.2 1B, as its paper and its files have it: 1,235,814,400 parameters with a tied head.
    @Test
    void partsAreThoseOfLlama() {
        TransformerConfig config = TransformerConfig.llama(128_256, 8192, 16, 32, 8, 2048, 8192);
        assertEquals(128_256L * 2048, ParameterParts.of(config).head());
        assertEquals(config.parameters(), ParameterParts.of(config).total());
        ParameterParts tied = ParameterParts.of(config.withTiedHead(true));
        assertEquals(1_235_814_400, tied.total());
        assertEquals(16L * (2 * 2048 * 2048 + 2 * 2048 * 512), tied.attention());
        assertEquals(16L * 3 * 2048 * 8192, tied.feedForward());
        assertEquals(33L * 2048, tied.norms());
    }
}
