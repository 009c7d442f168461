package torrefy.tokenizer.corpus.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import torrefy.tokenizer.corpus.read.TextForm;

class DecontaminationTest {

    private static final String QUESTION =
            "Which of the following four planets has the shortest year: Mercury, Venus, Mars or Saturn?";

    @TempDir
    Path folder;

    private TextFilter.Judgement judge(String text) throws IOException {
        Path file = folder.resolve("quiz.jsonl");
        Files.writeString(file, "{\"text\": \"" + QUESTION + "\"}\n");
        return Decontamination.of(List.of(file)).judge(new TextView(text, TextForm.PROSE));
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
    void anEvaluationFileWithoutTextIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("short.txt"), "only four words here");
        IOException refused = assertThrows(IOException.class, () -> Decontamination.of(List.of(file)));
        assertTrue(refused.getMessage().contains("no text of 13 words"), refused.getMessage());
    }
}
