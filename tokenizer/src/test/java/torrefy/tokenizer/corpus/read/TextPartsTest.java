package torrefy.tokenizer.corpus.read;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import torrefy.tokenizer.Utf8;

class TextPartsTest {

    private static List<Document> parts(byte[] text, int partBytes) throws IOException {
        return parts(text, ReadingRules.standard().withPartBytes(partBytes));
    }

    private static List<Document> parts(byte[] text, ReadingRules rules) throws IOException {
        Collecting sink = new Collecting(1 << 20);
        TextParts.read(new ByteArrayInputStream(text), "a.txt", TextForm.PROSE, rules, sink);
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

    /// In UTF-16 a byte 0A may be half of another character, as in U+0A05 or U+050A; in ISO-2022-JP each line switches
    /// its alphabet by itself.
    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "Shift_JIS", "ISO-2022-JP", "EUC-JP", "GB18030"})
    void inOtherEncodingsCutsStandAtLineEndsToo(String encoding) throws IOException {
        Charset charset = Charset.forName(encoding);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 600; i++) {
            text.append(encoding.startsWith("UTF") ? "\u0A05\u050A\uD83D\uDE00 " : "日本語 ")
                    .append("line ")
                    .append(i)
                    .append(i % 7 == 6 ? "\n\n" : "\n");
        }
        byte[] bytes = text.toString().getBytes(charset);
        List<Document> parts =
                parts(bytes, ReadingRules.standard().withPartBytes(1001).withEncoding(charset));
        assertTrue(parts.size() > 5);
        StringBuilder all = new StringBuilder();
        long at = 0;
        for (Document part : parts) {
            assertEquals(charset, part.encoding());
            assertEquals(at, part.from());
            at = part.to();
            assertArrayEquals(Arrays.copyOfRange(bytes, (int) part.from(), (int) part.to()), part.bytes());
            String piece = new String(part.bytes(), charset);
            assertTrue(piece.endsWith("\n\n") || part == parts.getLast(), piece);
            all.append(piece);
        }
        assertEquals(text.toString(), all.toString());
    }

    /// The mark stands in the first part alone, and a line end would be looked for in vain.
    @Test
    void aMarkTellsTheEncodingOfAllParts() throws IOException {
        byte[] text = ("\uFEFF" + "日本語日本語日本語日本語".repeat(20)).getBytes(StandardCharsets.UTF_16LE);
        List<Document> parts = parts(text, 101);
        assertEquals(5, parts.size());
        for (Document part : parts) {
            assertEquals(StandardCharsets.UTF_16LE, part.encoding());
            assertTrue(part.from() % 2 == 0);
        }
    }

    @Property(tries = 300)
    void partsInOtherEncodingsPutTogetherAreTheText(
            @ForAll byte[] text,
            @ForAll @IntRange(min = 8, max = 40) int partBytes,
            @ForAll("encodings") Charset encoding)
            throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Document part :
                parts(text, ReadingRules.standard().withPartBytes(partBytes).withEncoding(encoding))) {
            assertTrue(part.bytes().length <= partBytes);
            all.writeBytes(part.bytes());
        }
        assertArrayEquals(text, all.toByteArray());
    }

    @Provide
    Arbitrary<Charset> encodings() {
        return Arbitraries.of("UTF-16", "UTF-16LE", "UTF-32", "windows-1252", "Shift_JIS", "ISO-2022-JP", "GB18030")
                .map(Charset::forName);
    }

    @Test
    void aPartIsA64thOfTheCorpusWithinBounds() {
        assertEquals(1 << 12, TextParts.partBytes(0));
        assertEquals(15_625, TextParts.partBytes(1_000_000));
        assertEquals(1 << 20, TextParts.partBytes(Long.MAX_VALUE));
    }
}
