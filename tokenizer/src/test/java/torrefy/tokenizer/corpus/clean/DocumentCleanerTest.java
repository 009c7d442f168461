package torrefy.tokenizer.corpus.clean;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import torrefy.tokenizer.Utf8;
import torrefy.tokenizer.corpus.read.Document;
import torrefy.tokenizer.corpus.read.TextForm;

class DocumentCleanerTest {

    private static final String PROSE = "It was the best of times, it was the worst of times.";

    private final DocumentCleaner cleaner = new DocumentCleaner(new CleaningRules(4, 0.001, true, false));
    private final Steps report = new Steps();

    /// How often each step was taken, and what it took.
    private static final class Steps {
        private final List<Cleaned.Change> changes = new ArrayList<>();

        long documents(CleaningStep step) {
            return changes.stream().filter(change -> change.step() == step).count();
        }

        long bytes(CleaningStep step) {
            return changes.stream()
                    .filter(change -> change.step() == step)
                    .mapToLong(Cleaned.Change::bytes)
                    .sum();
        }
    }

    private String clean(String source, byte[] bytes) {
        Cleaned cleaned = cleaner.clean(new Document(source, bytes));
        report.changes.addAll(cleaned.changes());
        return cleaned.isKept() ? new String(cleaned.text(), StandardCharsets.UTF_8) : null;
    }

    private String clean(String text) {
        return clean("a.txt", text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] bytes(Object... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Object part : parts) {
            if (part instanceof String text) {
                out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
            } else {
                out.write((Integer) part);
            }
        }
        return out.toByteArray();
    }

    private void assertOnly(CleaningStep step, long bytes) {
        for (CleaningStep each : CleaningStep.values()) {
            assertEquals(each == step ? 1 : 0, report.documents(each), each.label());
        }
        assertEquals(bytes, report.bytes(step));
    }

    @Test
    void cleanTextStaysAsItIs() {
        String text = "Größer\tals 日本語 – 😀\n\n  Ende\n";
        assertEquals(text, clean(text));
        assertOnly(null);
    }

    private void assertOnly(CleaningStep none) {
        for (CleaningStep each : CleaningStep.values()) {
            assertEquals(0, report.documents(each), each.label());
        }
    }

    @Test
    void aZeroByteMakesItBinary() {
        assertNull(clean("a.txt", bytes(PROSE, 0, PROSE)));
        assertOnly(CleaningStep.BINARY, 2L * PROSE.length() + 1);
    }

    @Test
    void manyControlCharactersMakeItBinary() {
        assertNull(clean(PROSE + "\u0001\u0002"));
        assertOnly(CleaningStep.BINARY, PROSE.length() + 2);
    }

    @Test
    void utf16IsBinary() {
        assertNull(clean("a.txt", PROSE.getBytes(StandardCharsets.UTF_16)));
        assertEquals(1, report.documents(CleaningStep.BINARY));
    }

    @Test
    void aFewStrayBytesAreReplaced() {
        assertEquals("caf\uFFFD " + PROSE, clean("a.txt", bytes("caf", 0xE9, " ", PROSE)));
        assertOnly(CleaningStep.INVALID_BYTES, -2);
    }

    @Test
    void manyStrayBytesAreNotUtf8() {
        byte[] latin = "äöüß Größe für Bücher".getBytes(StandardCharsets.ISO_8859_1);
        assertNull(clean("a.txt", latin));
        assertOnly(CleaningStep.INVALID_UTF8, latin.length);
    }

    @Test
    void theByteOrderMarkGoes() {
        assertEquals(PROSE, clean("\uFEFF" + PROSE));
        assertOnly(CleaningStep.BYTE_ORDER_MARK, 3);
    }

    @Test
    void lineEndsBecomeLineFeeds() {
        assertEquals("one\ntwo\nthree\n\nfour\n", clean("one\r\ntwo\rthree\r\r\nfour\r"));
        assertOnly(CleaningStep.LINE_ENDS, 2);
    }

    @Test
    void controlCharactersGo() {
        String text = PROSE.repeat(10);
        assertEquals("ab" + text + "\t\n", clean("a\u001bb" + text + "\f\u0085\u009f\u007f\t\n"));
        assertOnly(CleaningStep.CONTROL_CHARACTERS, 1 + 1 + 2 + 2 + 1);
    }

    @Test
    void aLicenceHeaderGoes() {
        String header = "/*\n * Copyright 2024 Someone.\n */\n\n";
        assertEquals("package a;\n// the rest\n", clean(header + "package a;\n// the rest\n"));
        assertOnly(CleaningStep.LICENCE_HEADER, header.length());
    }

    @Test
    void aShortDocumentIsDropped() {
        assertNull(clean("  \n abc \n\t "));
        assertOnly(CleaningStep.TOO_SHORT, 11);
        assertNotNull(clean(" abcd "));
    }

    @Test
    void whatIsMostlySignsIsNotText() {
        assertNull(clean("=-=-=-=-#####++++<<<<>>>> a b"));
        assertOnly(CleaningStep.NOT_TEXT, 29);
        assertNotNull(clean("12+34=46; 5*6=30"));
        assertNotNull(clean("हिन्दी में लिखा हुआ"));
    }

    @Test
    void otherEncodingsAreRecognizedIfTextsAreNormalized() {
        DocumentCleaner normalizing = new DocumentCleaner(new CleaningRules(4, 0.001, true, true));
        String text = "Größer als – „alles“, naïve café\n\nund so weiter.\n";
        for (String encoding : List.of("windows-1252", "UTF-16", "UTF-8")) {
            Cleaned cleaned = normalizing.clean(new Document("a.txt", text.getBytes(Charset.forName(encoding))));
            assertEquals(text, new String(cleaned.text(), StandardCharsets.UTF_8), encoding);
            assertEquals(
                    encoding.equals("UTF-8") ? List.of() : List.of(CleaningStep.DECODED),
                    cleaned.changes().stream().map(Cleaned.Change::step).toList());
        }
    }

    private Cleaned cleanDeclared(byte[] bytes, String encoding) {
        return cleaner.clean(new Document("a.txt", TextForm.PROSE, 0, bytes.length, bytes, Charset.forName(encoding)));
    }

    @Test
    void whatIsDeclaredIsDecodedAndWhatItDoesNotKnowIsCounted() {
        String text = "Größer als alles, naïve café für Bücher.\n";
        for (String encoding : List.of("windows-1252", "UTF-16LE", "IBM1047", "GB18030")) {
            Cleaned cleaned = cleanDeclared(text.getBytes(Charset.forName(encoding)), encoding);
            assertEquals(CleaningStep.DECODED, cleaned.changes().getFirst().step());
            assertEquals(1, cleaned.changes().size(), encoding);
            assertEquals(text, new String(cleaned.text(), StandardCharsets.UTF_8), encoding);
        }
        assertEquals(List.of(), cleanDeclared(bytes(PROSE), "windows-1252").changes());

        // Two of these bytes mean nothing in windows-1252, and four are too many for so short a text.
        Cleaned few = cleanDeclared(bytes(PROSE, 0x81, " ", 0x9D, "\n"), "windows-1252");
        assertEquals(PROSE + "\uFFFD \uFFFD\n", new String(few.text(), StandardCharsets.UTF_8));
        assertEquals(
                List.of(CleaningStep.DECODED, CleaningStep.INVALID_BYTES),
                few.changes().stream().map(Cleaned.Change::step).toList());
        Cleaned many = cleanDeclared(bytes(PROSE, 0x81, 0x8D, 0x8F, 0x90), "windows-1252");
        assertFalse(many.isKept());
        assertEquals(CleaningStep.INVALID_ENCODING, many.changes().getLast().step());
    }

    /// The same bytes would be taken for windows-1252 if nothing were declared.
    @Test
    void whatIsDeclaredUtf8IsNotTakenForAnythingElse() {
        byte[] latin = "Größe und Länge für Bücher, wie sie sein müssen".getBytes(StandardCharsets.ISO_8859_1);
        DocumentCleaner normalizing = new DocumentCleaner(new CleaningRules(4, 0.001, true, true));
        assertTrue(normalizing.clean(new Document("a.txt", latin)).isKept());
        Document declared = new Document("a.txt", TextForm.PROSE, 0, latin.length, latin, StandardCharsets.UTF_8);
        assertEquals(
                CleaningStep.INVALID_UTF8,
                normalizing.clean(declared).changes().getLast().step());
    }

    @Test
    void charactersAreComposedAndBlanksShortenedIfTextsAreNormalized() {
        DocumentCleaner normalizing = new DocumentCleaner(new CleaningRules(4, 0.001, true, true));
        Cleaned cleaned = normalizing.clean(new Document("a.txt", bytes("cafe\u0301  \n\n\n\n\n  if (x)\t\n")));
        assertEquals("café\n\n\n  if (x)\n", new String(cleaned.text(), StandardCharsets.UTF_8));
        assertFalse(CleaningStep.NORMAL_FORM.isReversible());
    }

    @Property(tries = 1000)
    void theResultIsCleanWhateverCameIn(
            @ForAll @Size(max = 60) byte[] noise,
            @ForAll @StringLength(max = 60) String text,
            @ForAll boolean normalize) {
        DocumentCleaner lenient = new DocumentCleaner(new CleaningRules(32, 1, true, normalize));
        ByteArrayOutputStream mixed = new ByteArrayOutputStream();
        // So much prose that neither the noise nor the text, less their zeros, makes it binary.
        mixed.writeBytes(bytes(text.replace('\0', '\r'), PROSE.repeat(250)));
        for (byte value : noise) {
            mixed.write(value == 0 ? 7 : value);
        }
        byte[] bytes =
                lenient.clean(new Document("a.java", mixed.toByteArray())).text();
        assertEquals(bytes.length, Utf8.wellFormedEnd(bytes, 0, bytes.length));
        new String(bytes, StandardCharsets.UTF_8)
                .chars()
                .forEach(c -> assertFalse(Character.isISOControl(c) && c != '\n' && c != '\t'));
        assertArrayEquals(
                bytes, lenient.clean(new Document("a.java", bytes)).text(), "a clean document stays as it is");
    }

    /// Every second byte breaks UTF-8, line ends and controls stand at the edges.
    @Property(tries = 500)
    void strayBytesAreReplacedWhereverTheyStand(@ForAll byte[] noise) {
        DocumentCleaner lenient = new DocumentCleaner(new CleaningRules(1, 1, true, false));
        ByteArrayOutputStream mixed = new ByteArrayOutputStream();
        for (byte value : noise) {
            mixed.write(value | 0x80);
            mixed.writeBytes("abc\r".getBytes(StandardCharsets.US_ASCII));
        }
        byte[] clean = lenient.clean(new Document("a.txt", mixed.toByteArray())).text();
        if (noise.length > 0) {
            assertNotNull(clean);
            assertEquals(clean.length, Utf8.wellFormedEnd(clean, 0, clean.length));
        }
    }
}
