package torrefy.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import torrefy.model.architecture.TransformerConfig;

class ParameterCountTest {

    /// GPT-2 124M: 50257·768 + 1024·768 of embeddings, 12 layers.
    @Test
    void partsAreThoseOfGpt2() {
        TransformerConfig config = TransformerConfig.gpt2(50257, 1024, 12, 12, 768);
        ParameterCount count = ParameterCount.of(config);
        assertEquals(124_439_808, count.total());
        assertEquals(config.parameters(), count.total());
        assertEquals(39_383_808, count.embedding());
        assertEquals(28_348_416, count.attention());
        assertEquals(0, count.head());
        assertTrue(count.description().contains("head shared with the embedding"));
    }
}
