package torrefy.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class Utf8Test {

    @Property(tries = 300)
    void wellFormedTextEndsAtItsEnd(@ForAll String text) {
        byte[] bytes = Utf8.encode(text);
        assertEquals(bytes.length, Utf8.wellFormedEnd(bytes, 0, bytes.length));
    }

    @Property(tries = 1000)
    void agreesWithTheJdkOnAnyBytes(@ForAll byte[] bytes) {
        int end = Utf8.wellFormedEnd(bytes, 0, bytes.length);
        assertEquals(jdkAccepts(bytes, bytes.length), end == bytes.length);
        assertEquals(true, jdkAccepts(bytes, end));
    }

    /// All sequences of one lead byte and up to three bytes at the edges of what may follow.
    @Test
    void agreesWithTheJdkOnEveryLeadByteAndTheEdgesOfItsContinuations() {
        int[] edges = {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF};
        int[] continuationEdges = {0x7F, 0x80, 0xBF, 0xC0};
        for (int lead = 0; lead < 256; lead++) {
            for (int second : edges) {
                for (int third : continuationEdges) {
                    for (int fourth : continuationEdges) {
                        byte[] bytes = {(byte) lead, (byte) second, (byte) third, (byte) fourth};
                        for (int length = 1; length <= 4; length++) {
                            assertEquals(jdkAccepts(bytes, length), Utf8.wellFormedEnd(bytes, 0, length) == length);
                        }
                    }
                }
            }
        }
    }

    @Test
    void aCharacterThatIsCutOffIsToldFromOneThatIsWrong() {
        byte[] smiley = "😀".getBytes(StandardCharsets.UTF_8);
        assertEquals(4, Utf8.characterLength(smiley, 0, 4));
        assertEquals(-3, Utf8.characterLength(smiley, 0, 3));
        assertEquals(-1, Utf8.characterLength(smiley, 0, 1));
        assertEquals(0, Utf8.characterLength(smiley, 1, 4));
        assertEquals(0, Utf8.characterLength(new byte[] {(byte) 0xF0, 'a'}, 0, 2));
        assertEquals(0, Utf8.characterLength(new byte[] {(byte) 0xED, (byte) 0xA0}, 0, 2));
    }

    @Test
    void anUnpairedSurrogateBecomesTheReplacementCharacter() {
        assertArrayEquals("a\uFFFDb".getBytes(StandardCharsets.UTF_8), Utf8.encode("a\uD800b"));
        assertArrayEquals("\uFFFD".getBytes(StandardCharsets.UTF_8), Utf8.encode("\uDC00"));
    }

    private static boolean jdkAccepts(byte[] bytes, int length) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
