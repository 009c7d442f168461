package torrefy.model.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class StopStringsTest {

    @Test
    void whatMayBecomeAStopStringIsHeldBack() {
        StopStrings stops = new StopStrings(List.of("\n\nQ:", "END"));
        assertEquals("one", stops.accept("one\n"));
        assertEquals("", stops.accept("\n"));
        assertEquals("\n", stops.accept("\n"), "the last two may still begin one");
        assertEquals("\n\n", stops.accept("E"));
        assertEquals("E", stops.accept("E"));
        assertEquals("E", stops.finish());
        assertFalse(stops.isFound());
    }

    @Test
    void aStopStringAcrossPiecesEndsTheTextBeforeIt() {
        StopStrings stops = new StopStrings(List.of("</s>"));
        assertEquals("a ", stops.accept("a <"));
        assertEquals("", stops.accept("/"));
        assertEquals("", stops.accept("s> and more"));
        assertTrue(stops.isFound());
        assertEquals("", stops.finish());
        assertThrows(IllegalStateException.class, () -> stops.accept("x"));
    }

    @Test
    void oneInsideAPieceEndsItThere() {
        StopStrings stops = new StopStrings(List.of(".", "!"));
        assertEquals("Stop", stops.accept("Stop! Or. Not"));
        assertTrue(stops.isFound());
    }

    @Test
    void withoutStopStringsEverythingPasses() {
        StopStrings stops = new StopStrings(List.of());
        assertEquals("a", stops.accept("a"));
        assertEquals("", stops.finish());
    }

    @Test
    void anEmptyOneIsRefused() {
        String message = assertThrows(IllegalArgumentException.class, () -> new StopStrings(List.of("a", "")))
                .getMessage();
        assertTrue(message.startsWith("a stop string is empty"), message);
    }

    /// Character by character, the definition: the text so far ends with a stop string. And at every moment, what is
    /// held back is no more than a beginning of one.
    @Property(tries = 500)
    void howeverTheTextIsCutTheResultIsTheSame(
            @ForAll @Size(max = 3)
                    List<@StringLength(min = 1, max = 4) @CharRange(from = 'a', to = 'b') String> strings,
            @ForAll @Size(max = 8) List<@StringLength(max = 5) @CharRange(from = 'a', to = 'b') String> pieces) {
        String text = String.join("", pieces);
        StopStrings byCharacter = new StopStrings(strings);
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < text.length() && !byCharacter.isFound(); i++) {
            expected.append(byCharacter.accept(text.substring(i, i + 1)));
            String shown = expected.toString();
            String rest = text.substring(shown.length(), i + 1);
            assertTrue(strings.stream().noneMatch(shown::contains));
            assertTrue(rest.isEmpty()
                    || strings.stream().anyMatch(string -> string.startsWith(rest) || rest.contains(string)));
        }
        expected.append(byCharacter.finish());
        int end = -1;
        for (int length = 1; length <= text.length() && end < 0; length++) {
            String soFar = text.substring(0, length);
            end = strings.stream()
                    .mapToInt(soFar::indexOf)
                    .filter(at -> at >= 0)
                    .min()
                    .orElse(-1);
        }
        assertEquals(end < 0 ? text : text.substring(0, end), expected.toString());

        StopStrings byPiece = new StopStrings(strings);
        StringBuilder actual = new StringBuilder();
        for (String piece : pieces) {
            if (!byPiece.isFound()) {
                actual.append(byPiece.accept(piece));
            }
        }
        actual.append(byPiece.finish());
        assertEquals(expected.toString(), actual.toString());
        assertEquals(byCharacter.isFound(), byPiece.isFound());
    }
}
