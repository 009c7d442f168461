package torrefy.tokenizer.corpus.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import torrefy.tokenizer.corpus.read.TextForm;

class DecontaminationTest {

    private static final String QUESTION =
            "Which of the following four planets has the shortest year: Mercury, Venus, Mars or Saturn?";

    @TempDir
    Path folder;

    private TextFilter.Judgement judge(int words, String text) throws IOException {
        Path file = folder.resolve("quiz.jsonl");
        Files.writeString(file, "{\"text\": \"" + QUESTION + "\"}\n");
        return Decontamination.of(List.of(file), words).judge(new TextView(text, TextForm.PROSE));
    }

    private TextFilter.Judgement judge(String text) throws IOException {
        return judge(13, text);
    }

    @Test
    void thirteenWordsInARowAreAHitAndNamed() throws IOException {
        TextFilter.Judgement judgement =
                judge("He asked: «which of the following FOUR planets has the shortest year -\n"
                        + "mercury, venus, mars?» Nobody knew.");
        assertTrue(judgement.isRejected());
        assertTrue(judgement.why().contains("quiz.jsonl:1"), judgement.why());
        assertTrue(judgement.why().contains("shortest year - mercury, venus, mars?»\""), judgement.why());
    }

    @Test
    void twelveWordsAreNone() throws IOException {
        String twelve = "which of the following four planets has the shortest year Mercury Venus";
        assertFalse(judge(twelve + " Earth " + twelve).isRejected());
        assertEquals(null, judge("").why());
    }

    @Test
    void howManyWordsAreTooManyCanBeSaid() throws IOException {
        String eight = "Tell me of the following four planets has the shortest, or so they say";
        TextFilter.Judgement judgement = judge(8, eight);
        assertTrue(judgement.why().endsWith("\"of the following four planets has the shortest,\""), judgement.why());
        assertFalse(judge(9, eight).isRejected());
        assertThrows(IllegalArgumentException.class, () -> judge(1, eight));
    }

    @Test
    void anEvaluationFileWithoutTextIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("short.txt"), "only four words here");
        IOException refused = assertThrows(IOException.class, () -> Decontamination.of(List.of(file), 13));
        assertTrue(refused.getMessage().contains("no text of 13 words"), refused.getMessage());
    }

    @Test
    void aTextThatWasGivenTwiceIsNoMistake() throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), QUESTION);
        Path copy = Files.copy(file, folder.resolve("b.txt"));
        assertTrue(Decontamination.of(List.of(file, copy), 13)
                .judge(new TextView(QUESTION, TextForm.PROSE))
                .isRejected());
    }

    /// A corpus is cleaned before it is judged, so evaluation texts must be too.
    @Test
    void evaluationTextsAreReadAsACorpusIs() throws IOException {
        String accents = "Où était la très belle fenêtre près du château où Zoë a vécu naïvement là";
        Charset western = Charset.forName("windows-1252");
        String decomposed = Normalizer.normalize(accents, Normalizer.Form.NFD);
        List<byte[]> files = List.of(
                accents.getBytes(western),
                decomposed.getBytes(StandardCharsets.UTF_8),
                ("\uFEFF" + accents).getBytes(StandardCharsets.UTF_16LE));
        for (byte[] contents : files) {
            Path file = Files.write(folder.resolve("a.txt"), contents);
            TextFilter filter = Decontamination.of(List.of(file), 13);
            assertTrue(filter.judge(new TextView(accents, TextForm.PROSE)).isRejected(), filter.source());
        }
        Path page = Files.writeString(folder.resolve("a.md"), QUESTION.replace("planets", "[planets](https://a.b)"));
        TextFilter filter = Decontamination.of(List.of(page), 13);
        assertTrue(filter.judge(new TextView(QUESTION, TextForm.PROSE)).isRejected());
    }

    @Test
    void textsThatAreTooShortAreCounted() throws IOException {
        Path file = Files.writeString(
                folder.resolve("quiz.jsonl"),
                "{\"text\": \"Who?\"}\n{\"text\": \"" + QUESTION + "\"}\n{\"text\": \"∀∃=\"}\n");
        Decontamination filter = Decontamination.of(List.of(file), 13);
        assertEquals(3, filter.texts());
        assertEquals(2, filter.tooShort());
    }
}
