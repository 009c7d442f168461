package torrefy.model.plan.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class DecisionReportTest {

    @TempDir
    Path folder;

    private static Circumstances having(double tokens, double dollars) {
        return new Circumstances(tokens, dollars, false, false, 0.1, false, 7e9);
    }

    private static DecisionReport report(Circumstances given) {
        return DecisionReport.of(given, HardwareTable.standard().get("H100"));
    }

    private static Optional<Way> way(Circumstances given) {
        return report(given).recommendation().way();
    }

    @Test
    void theWayFollowsFromTextAndMoney() {
        assertEquals(Optional.of(Way.RETRIEVAL), way(having(1e5, 1000)));
        assertEquals(Optional.of(Way.FINE_TUNING), way(having(5e7, 1000)));
        assertEquals(Optional.of(Way.CONTINUED), way(having(3e9, 10_000)));
        assertEquals(Optional.of(Way.PRE_TRAINING), way(having(1e13, 1e7)));
    }

    /// The only way left may be a poor one.
    @Test
    void aModelOfOnesOwnThatIsWorseThanTheBoughtOneIsCalledSo() {
        String small =
                report(new Circumstances(1e8, 20, false, true, 0.1, false, 7e9)).text(false);
        assertTrue(small.contains("Recommended: pre-training") && small.contains("would be worse"), small);
        String large = report(having(1e13, 1e7)).text(false);
        assertTrue(large.contains("Recommended: pre-training") && !large.contains("would be worse"), large);
    }

    @Test
    void theWayFollowsFromWhatIsNotMoney() {
        assertEquals(Optional.of(Way.RETRIEVAL), way(new Circumstances(3e9, 1e4, false, false, 0.1, true, 7e9)));
        assertEquals(Optional.of(Way.PRE_TRAINING), way(new Circumstances(3e9, 1e4, false, true, 0.1, false, 7e9)));
        // 14 GB of weights at 3.35 TB/s take 4 ms a token.
        DecisionReport quick = report(new Circumstances(3e9, 1e4, false, false, 0.001, false, 7e9));
        assertEquals(Optional.of(Way.PRE_TRAINING), quick.recommendation().way());
        assertTrue(quick.text(false).contains("a token takes 4.2 ms"), quick.text(false));
        DecisionReport none = report(new Circumstances(1e5, 1e4, false, true, 0.1, false, 7e9));
        assertEquals(Optional.empty(), none.recommendation().way());
        assertTrue(none.text(false).contains("Recommended: none"), none.text(false));
        assertTrue(report(new Circumstances(5e7, 1e3, true, false, 0.1, false, 7e9))
                .text(true)
                .contains("may not leave the house"));
    }

    /// 6 · 7e9 · 1e9 FLOPs at 40 % of 989 TFLOP/s are 29.5 hours.
    @Test
    void continuedPreTrainingCostsSixFlopsAParameterAndToken() {
        Estimate continued = report(having(1e9, 1e4)).estimates().get(1);
        assertEquals(29.49, continued.hours(), 0.01);
        assertEquals(29.49 * 4.916, continued.dollars(), 0.1);
        assertEquals(2, continued.machines(), "16 bytes a parameter are 112 GB");
    }

    @Test
    void whatIsSpentOnPreTrainingIsNoMoreThanThereIs() {
        for (double dollars : new double[] {1, 100, 1e4, 1e6}) {
            Estimate own = report(having(1e12, dollars)).estimates().get(0);
            assertTrue(own.isPossible(), own.toString());
            assertTrue(own.dollars() <= dollars && own.dollars() > 0.9 * Math.min(dollars, 1e4), own.toString());
        }
    }

    @Test
    void aTextCountsUpToFourTimes() {
        Estimate own = report(having(1e9, 1e9)).estimates().get(0);
        assertTrue(own.needs().startsWith("4.00 billion tokens"), own.needs());
    }

    @Test
    void theSamePictureAndNumbersAreInEveryForm() throws Exception {
        DecisionReport report = report(having(5e7, 2000));
        String html = report.html();
        assertFalse(
                html.contains("http:") || html.contains("https:") || html.contains("<script"), "needs nothing else");
        String svg = html.substring(html.indexOf("<svg"), html.indexOf("</svg>") + 6);
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
        assertFalse(svg.contains("NaN"), svg);
        assertTrue(svg.contains("your budget"), svg);
        String markdown = report.text(true);
        assertTrue(markdown.startsWith("# Build or buy") && markdown.contains("## fine-tuning"), markdown);
        for (Estimate estimate : report.estimates()) {
            for (String formula : estimate.formulas()) {
                assertTrue(report.text(false).contains(formula) && markdown.contains(formula), formula);
            }
        }
    }

    @Test
    void namesFromAUsersFileAreNoMarkup() throws IOException {
        Path file = Files.writeString(folder.resolve("mine.csv"), "a<b>,50,24,600,0,200,\"me\" & you,2026\n");
        Hardware mine = HardwareTable.standard().with(file).get("a<b>");
        String html = DecisionReport.of(having(1e6, 10), mine).html();
        assertTrue(html.contains("a&lt;b&gt;") && html.contains("&quot;me&quot; &amp; you"), html);
        assertTrue(Double.isFinite(
                DecisionReport.of(having(1e6, 10), mine).estimates().get(0).dollars()));
    }

    @Test
    void aUsersFileAddsAndReplacesAndItsMistakesAreNamed() throws IOException {
        Path file = folder.resolve("mine.csv");
        Files.writeString(
                file, "# my own\nH100,989,80,3350,2.5,700,a friend,2026-02\n\nold,1,4,50,0,100,attic,2010-01\n");
        HardwareTable table = HardwareTable.standard().with(file);
        assertEquals(2.5, table.get("H100").pricePerHour());
        assertEquals(1e12, table.get("old").peak());
        assertEquals(HardwareTable.standard().all().size() + 1, table.all().size());

        Files.writeString(file, "ok,1,4,50,0,100,attic,2010-01\nbad,fast,4,50,0,100,attic,2010-01\n");
        assertMessage("mine.csv, line 2", file);
        Files.writeString(file, "bad,-1,4,50,0,100,attic,2010-01\n");
        assertMessage("must be above 0", file);
        Files.writeString(file, "bad,Infinity,4,50,0,100,attic,2010-01\n");
        assertMessage("finite", file);
        Files.writeString(file, ",1,4,50,0,100,attic,2010-01\n");
        assertMessage("line 1: hardware must have a name", file);
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe});
        assertMessage("mine.csv: is no table", file);
    }

    private static void assertMessage(String part, Path file) {
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> HardwareTable.standard().with(file))
                .getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void numbersThatMakeNoSenseAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> having(-1, 1));
        assertThrows(IllegalArgumentException.class, () -> having(1, -1));
        assertThrows(IllegalArgumentException.class, () -> new Circumstances(1, 1, false, false, 0, false, 7e9));
    }
}
