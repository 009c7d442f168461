package torrefy.tokenizer.corpus.read;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import torrefy.tokenizer.Utf8;

class TextPartsTest {

    private static List<Document> parts(byte[] text, int partBytes) throws IOException {
        Collecting sink = new Collecting(1 << 20);
        TextParts.read(new ByteArrayInputStream(text), "a.txt", TextForm.PROSE, partBytes, false, sink);
        return sink.documents;
    }

    private static List<String> texts(String text, int partBytes) throws IOException {
        return parts(text.getBytes(StandardCharsets.UTF_8), partBytes).stream()
                .map(part -> new String(part.bytes(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void aShortTextIsOneDocumentUnderItsOwnName() throws IOException {
        List<Document> parts = parts(new byte[100], 100);
        assertEquals(1, parts.size());
        assertEquals("a.txt", parts.getFirst().source());
        assertEquals("a.txt part 2", parts(new byte[101], 100).get(1).source());
    }

    @Test
    void cutsStandAtBlankLinesElseAtLineEndsElseBetweenCharacters() throws IOException {
        assertEquals(List.of("aaaa\nbbbb\n\n", "cc\ncc\ncccc\n"), texts("aaaa\nbbbb\n\ncc\ncc\ncccc\n", 14));
        assertEquals(List.of("aaaa\r\nbb\r\n\r\n", "cc\r\ncc\r\n"), texts("aaaa\r\nbb\r\n\r\ncc\r\ncc\r\n", 14));
        assertEquals(List.of("aaaaaa\n", "bbbbbb\ncc"), texts("aaaaaa\nbbbbbb\ncc", 10));
        assertEquals(List.of("aaa日", "日日b"), texts("aaa日日日b", 8));
        assertEquals(List.of("0123456789", "01234"), texts("012345678901234", 10));
    }

    @Property(tries = 300)
    void partsPutTogetherAreTheText(@ForAll byte[] text, @ForAll @IntRange(min = 8, max = 40) int partBytes)
            throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Document part : parts(text, partBytes)) {
            assertTrue(part.bytes().length <= partBytes);
            all.writeBytes(part.bytes());
        }
        assertArrayEquals(text, all.toByteArray());
    }

    @Property(tries = 300)
    void noCharacterIsCut(@ForAll String text, @ForAll @IntRange(min = 8, max = 40) int partBytes) throws IOException {
        for (Document part : parts(Utf8.encode(text), partBytes)) {
            assertEquals(part.bytes().length, Utf8.wellFormedEnd(part.bytes(), 0, part.bytes().length));
        }
    }

    @Test
    void aPartIsA64thOfTheCorpusWithinBounds() {
        assertEquals(1 << 12, TextParts.partBytes(0));
        assertEquals(15_625, TextParts.partBytes(1_000_000));
        assertEquals(1 << 20, TextParts.partBytes(Long.MAX_VALUE));
    }
}
