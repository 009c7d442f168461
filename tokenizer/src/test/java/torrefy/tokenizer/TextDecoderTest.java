package torrefy.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class TextDecoderTest {

    private final Tokenizer bytesOnly = new BpeTrainer(BpeConfig.of(257)).train();

    @Test
    void aCharacterAppearsWithItsLastByte() {
        TextDecoder decoder = bytesOnly.textDecoder();
        assertEquals("a", decoder.accept('a'));
        assertEquals("", decoder.accept(0xF0));
        assertEquals("", decoder.accept(0x9F));
        assertEquals("", decoder.accept(0x98));
        assertEquals("😀", decoder.accept(0x80));
        assertEquals("", decoder.finish());
    }

    @Test
    void aCharacterThatCannotBeCompletedShowsAsReplacement() {
        TextDecoder decoder = bytesOnly.textDecoder();
        assertEquals("", decoder.accept(0xE2));
        assertEquals("\uFFFDx", decoder.accept('x'));
        assertEquals("\uFFFD", decoder.accept(0x80));
    }

    @Test
    void whatIsHeldBackAtTheEndShowsAsReplacement() {
        TextDecoder decoder = bytesOnly.textDecoder();
        assertEquals("", decoder.accept(0xE2));
        assertEquals("", decoder.accept(0x82));
        assertEquals("\uFFFD", decoder.finish());
        assertEquals("", decoder.finish());
        assertEquals("b", decoder.accept('b'));
    }

    @Test
    void aTokenOutsideTheVocabularyIsRefused() {
        assertThrows(
                IllegalArgumentException.class, () -> bytesOnly.textDecoder().accept(257));
    }
}
