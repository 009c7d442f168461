package torrefy.tokenizer.corpus.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import torrefy.tokenizer.corpus.pack.JsonLine;
import torrefy.tokenizer.corpus.read.TextForm;

/// The rules beside others written anew from the papers: what `make_golden.py` made.
class GoldenJudgementsTest {

    private static List<Map<String, Object>> cases() throws IOException {
        try (InputStream in = GoldenJudgementsTest.class.getResourceAsStream("judgements.jsonl")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().map(JsonLine::parse).toList();
        }
    }

    @Test
    void everyRuleHasItsCases() throws IOException {
        assertEquals(69, cases().size());
    }

    /// The same rule must decide, and by the same figure, of which three digits are shown.
    @ParameterizedTest
    @ValueSource(strings = {"gopher-quality", "gopher-repetition", "fineweb"})
    void aTextIsJudgedAsThePapersSay(String filter) throws IOException {
        for (Map<String, Object> one : cases()) {
            String text = (String) one.get("text");
            String expected = (String) one.get(filter);
            String shown = expected + " for " + text;
            String why = FilterCatalogue.named(filter)
                    .judge(new TextView(text, TextForm.PROSE))
                    .why();
            if (expected.isEmpty()) {
                assertNull(why, shown);
                continue;
            }
            assertNotNull(why, shown);
            String[] parts = why.split(" (?=[-0-9.e+]+ [<>]=? )");
            int figureAt = expected.lastIndexOf(' ');
            assertEquals(expected.substring(0, figureAt), parts[0], shown);
            double figure = Double.parseDouble(expected.substring(figureAt));
            assertEquals(figure, Double.parseDouble(parts[1].split(" ")[0]), 0.006 * figure, shown);
        }
    }
}
