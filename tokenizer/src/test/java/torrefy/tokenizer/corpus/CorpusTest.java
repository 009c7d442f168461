package torrefy.tokenizer.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import torrefy.tokenizer.corpus.clean.CleaningStep;
import torrefy.tokenizer.corpus.read.Document;
import torrefy.tokenizer.corpus.read.DocumentSink;
import torrefy.tokenizer.corpus.read.DocumentSource;

class CorpusTest {

    @TempDir
    Path folder;

    /// A source of what it is given.
    private static DocumentSource of(List<String> texts) {
        return new DocumentSource() {
            @Override
            public String name() {
                return "given";
            }

            @Override
            public void read(DocumentSink sink) {
                for (int i = 0; i < texts.size() && !sink.hasEnough(); i++) {
                    sink.document(new Document("text " + i, texts.get(i).getBytes(StandardCharsets.UTF_8)));
                }
            }
        };
    }

    private static List<String> texts(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "This is the document with the number " + i + ".\r\n")
                .toList();
    }

    private static Set<String> contents(List<Document> documents) {
        Set<String> contents = new HashSet<>();
        documents.forEach(document -> contents.add(new String(document.bytes(), StandardCharsets.UTF_8)));
        return contents;
    }

    @Test
    void whatIsHeldOutDependsOnTheContentsAlone() throws IOException {
        List<String> texts = texts(2000);
        Corpus corpus = Corpus.collect(of(texts), CleaningConfig.standard());
        assertEquals(2000, corpus.training().size() + corpus.validation().size());
        // 2000 draws of probability 1/50: 40 on average, with a standard deviation of 6.3. Five of them on each side.
        assertTrue(
                Math.abs(corpus.validation().size() - 40) < 32,
                "" + corpus.validation().size());

        List<String> shuffled = new ArrayList<>(texts);
        Collections.shuffle(shuffled, new Random(7));
        Corpus again = Corpus.collect(of(shuffled), CleaningConfig.standard());
        assertEquals(contents(corpus.validation()), contents(again.validation()));

        Corpus larger = Corpus.collect(of(texts(4098)), CleaningConfig.standard());
        assertTrue(contents(larger.validation()).containsAll(contents(corpus.validation())));
        assertTrue(contents(larger.training()).containsAll(contents(corpus.training())));
    }

    @Test
    void trainingAndValidationHaveNoTextInCommon() throws IOException {
        List<String> texts = new ArrayList<>(texts(500));
        texts.addAll(texts(500).stream().map(text -> text.replace("\r\n", "\n")).toList());
        Corpus corpus = Corpus.collect(of(texts), CleaningConfig.standard().withValidationFraction(0.3));
        assertEquals(500, corpus.training().size() + corpus.validation().size());
        assertEquals(500, corpus.report().documents(CleaningStep.DUPLICATE));
        assertTrue(Collections.disjoint(contents(corpus.training()), contents(corpus.validation())));
    }

    @Test
    void somethingIsHeldOutOfEvenTwoDocuments() throws IOException {
        Corpus two = Corpus.collect(of(texts(2)), CleaningConfig.standard().withValidationFraction(1e-9));
        assertEquals(1, two.training().size());
        assertEquals(1, two.validation().size());
        List<String> reversed = new ArrayList<>(texts(2));
        Collections.reverse(reversed);
        Corpus again = Corpus.collect(of(reversed), CleaningConfig.standard().withValidationFraction(1e-9));
        assertEquals(contents(two.validation()), contents(again.validation()));

        Corpus one = Corpus.collect(of(texts(1)), CleaningConfig.standard().withValidationFraction(1e-9));
        assertEquals(1, one.training().size());
        assertEquals(0, one.validation().size());
        Corpus none = Corpus.collect(of(texts(31)), CleaningConfig.standard().withValidationFraction(0));
        assertEquals(0, none.validation().size());
    }

    @Test
    void readingStopsAtTheByteLimit() throws IOException {
        Corpus corpus =
                Corpus.collect(of(texts(1000)), CleaningConfig.standard().withByteLimit(1000));
        long kept = corpus.trainingBytes() + corpus.validationBytes();
        assertTrue(kept >= 1000 && kept < 1050, "" + kept);
        assertTrue(corpus.report().limitReached());
        assertFalse(Collections.disjoint(
                contents(corpus.training()), Set.of(texts(1).getFirst().replace("\r", ""))));
    }

    @Test
    void theReportAddsUp() throws IOException {
        List<String> texts = new ArrayList<>(texts(31));
        texts.add("\uFEFF" + texts.getFirst());
        texts.add("short");
        texts.add("zero \0 zero");
        texts.add("/* Copyright */\nclass Something { int number = 1; }");
        texts.add("bell \u0007" + texts.get(1).repeat(3));
        Corpus corpus = Corpus.collect(of(texts), CleaningConfig.standard());
        CleaningReport report = corpus.report();
        assertEquals(texts.size(), report.documentsRead());
        long taken = 0;
        long dropped = 0;
        for (CleaningStep step : CleaningStep.values()) {
            taken += report.bytes(step);
            dropped += step.drops() ? report.documents(step) : 0;
        }
        assertEquals(report.bytesRead() - taken, corpus.trainingBytes() + corpus.validationBytes());
        assertEquals(
                texts.size() - dropped,
                corpus.training().size() + corpus.validation().size());
        assertEquals(3, dropped);
        assertEquals(1, report.documents(CleaningStep.LICENCE_HEADER));
        assertEquals(33, report.documents(CleaningStep.LINE_ENDS));
        String table = report.toString();
        for (String expected : List.of(
                "corpus given", "dropped: too short", "changed: licence header removed", "held out for validation")) {
            assertTrue(table.contains(expected), table);
        }
        assertFalse(table.contains("unreadable"), table);
    }

    @Test
    void whatCouldNotBeReadStandsInTheReport() throws IOException {
        Files.writeString(folder.resolve("good.txt"), texts(1).getFirst());
        for (int i = 0; i < 22; i++) {
            Files.writeString(folder.resolve("broken" + i + ".zip"), "this is no zip");
        }
        Corpus corpus = Corpus.collect(DocumentSource.of(folder), CleaningConfig.standard());
        assertEquals(22, corpus.report().documents(CleaningStep.UNREADABLE));
        assertEquals(20, corpus.report().notes().size());
        assertTrue(
                corpus.report().toString().contains("… and 2 more"),
                corpus.report().toString());
        assertTrue(corpus.report().notes().getFirst().startsWith("unreadable: broken"));
    }

    @Test
    void anEmptyCorpusIsRefused() throws IOException {
        assertRefused(folder, "empty");
        Path file = folder.resolve("a.jsonl");
        Files.writeString(file, "");
        assertRefused(file, "empty");
        Path text = folder.resolve("a.txt");
        Files.writeString(text, "");
        assertRefused(text, "1 too short");
    }

    @Test
    void aCorpusOfBinaryFilesIsRefused() throws IOException {
        for (int i = 0; i < 7; i++) {
            Files.write(folder.resolve("image" + i), new byte[1000]);
        }
        Files.writeString(folder.resolve("tiny"), "tiny");
        assertRefused(folder, "of 8 documents 7 binary");
        assertRefused(folder, "1 too short");
    }

    private static void assertRefused(Path path, String why) {
        IOException refused = assertThrows(
                IOException.class, () -> Corpus.collect(DocumentSource.of(path), CleaningConfig.standard()));
        assertTrue(refused.getMessage().startsWith(path.toString()), refused.getMessage());
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
        assertEquals(1, refused.getMessage().lines().count());
    }

    @Test
    void aConfigurationThatCannotBeIsRefused() {
        CleaningConfig standard = CleaningConfig.standard();
        assertThrows(IllegalArgumentException.class, () -> standard.withMinimumBytes(0));
        assertThrows(IllegalArgumentException.class, () -> standard.withLargestDocument(10));
        assertThrows(IllegalArgumentException.class, () -> standard.withInvalidShare(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> standard.withValidationFraction(1));
        assertThrows(IllegalArgumentException.class, () -> standard.withByteLimit(0));
        assertFalse(standard.withLicenceHeadersRemoved(false).removeLicenceHeaders());
    }

    @Test
    void theGzipSizeIsThatOfAllTextsInARow() throws IOException {
        Corpus corpus = Corpus.collect(of(texts(207)), CleaningConfig.standard());
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        corpus.training().forEach(document -> all.writeBytes(document.bytes()));
        ByteArrayOutputStream level6 = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(level6)) {
            gzip.write(all.toByteArray());
        }
        long size = GzipSize.of(corpus.training());
        // Level 9 searches longer than level 6, so it is seldom larger; both carry the same 18 bytes around the data.
        assertTrue(size > 18 && size <= level6.size() + 16, size + " and " + level6.size());
        assertEquals(8.0 * size / all.size(), GzipSize.bitsPerByte(corpus.training()));
        assertEquals(20, GzipSize.of(List.of()));
    }
}
