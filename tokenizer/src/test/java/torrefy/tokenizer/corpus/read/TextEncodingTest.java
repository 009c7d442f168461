package torrefy.tokenizer.corpus.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextEncodingTest {

    private static final Charset LATIN2 = Charset.forName("ISO-8859-2");

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource({
        "EFBBBF61, UTF-8", "FEFF0061, UTF-16BE", "FFFE6100, UTF-16LE", "FFFE, UTF-16LE", "0000FEFF, UTF-32BE",
        "FFFE0000, UTF-32LE", "EFBB, ''", "61, ''", "'', ''", "00, ''"
    })
    void aByteOrderMarkTellsTheEncoding(String hex, String encoding) {
        Charset marked = TextEncoding.marked(HexFormat.of().parseHex(hex));
        assertEquals(encoding, marked == null ? "" : marked.name());
    }

    @ParameterizedTest
    @CsvSource({
        "<meta charset=koi8-r>, KOI8-R",
        "<html><head><META  Charset = 'Shift_JIS' />, Shift_JIS",
        "<meta http-equiv=Content-Type content='text/html; charset=windows-1251'>, windows-1251",
        "<?xml version='1.0' encoding='ISO-8859-15'?><html>, ISO-8859-15",
        "<meta charset=latin1>, windows-1252",
        "<meta charset=us-ascii>, windows-1252",
        "<meta charset=UTF-16>, UTF-8",
        "<meta charset='no such; encoding'>, ISO-8859-2",
        "<meta name=charset><p charset=koi8-r>, ISO-8859-2",
    })
    void aPageSaysInWhichEncodingItIs(String page, String encoding) {
        assertEquals(
                encoding,
                TextEncoding.of(bytes(page), TextForm.HTML, null, LATIN2).name());
        assertEquals(LATIN2, TextEncoding.of(bytes(page), TextForm.PROSE, null, LATIN2));
    }

    @Test
    void whatIsNearestToTheTextCounts() {
        byte[] page = bytes("<meta charset=koi8-r>");
        byte[] marked = bytes("\u00EF\u00BB\u00BF<meta charset=koi8-r>");
        assertEquals(
                StandardCharsets.UTF_8, TextEncoding.of(marked, TextForm.HTML, StandardCharsets.ISO_8859_1, LATIN2));
        assertEquals(
                StandardCharsets.ISO_8859_1, TextEncoding.of(page, TextForm.HTML, StandardCharsets.ISO_8859_1, LATIN2));
        assertNull(TextEncoding.of(bytes("<p>"), TextForm.HTML, null, null));
    }

    @Test
    void whatNoJavaKnowsIsNoEncoding() {
        assertNull(TextEncoding.named("klingon"));
        assertNull(TextEncoding.named("utf-8;"));
        assertNull(TextEncoding.named(""));
        assertEquals(LATIN2, TextEncoding.named("latin2"));
    }
}
