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
        return new Circumstances(tokens, dollars, false, false, 0.1, false, 7e9, Machines.hired());
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
        String small = report(new Circumstances(1e8, 20, false, true, 0.1, false, 7e9, Machines.hired()))
                .text(false);
        assertTrue(small.contains("Recommended: pre-training") && small.contains("would be worse"), small);
        String large = report(having(1e13, 1e7)).text(false);
        assertTrue(large.contains("Recommended: pre-training") && !large.contains("would be worse"), large);
    }

    @Test
    void theWayFollowsFromWhatIsNotMoney() {
        assertEquals(
                Optional.of(Way.RETRIEVAL),
                way(new Circumstances(3e9, 1e4, false, false, 0.1, true, 7e9, Machines.hired())));
        assertEquals(
                Optional.of(Way.PRE_TRAINING),
                way(new Circumstances(3e9, 1e4, false, true, 0.1, false, 7e9, Machines.hired())));
        // 14 GB of weights at 3.35 TB/s take 4 ms a token.
        DecisionReport quick = report(new Circumstances(3e9, 1e4, false, false, 0.001, false, 7e9, Machines.hired()));
        assertEquals(Optional.of(Way.PRE_TRAINING), quick.recommendation().way());
        assertTrue(quick.text(false).contains("a token takes 4.18 ms"), quick.text(false));
        DecisionReport none = report(new Circumstances(1e5, 1e4, false, true, 0.1, false, 7e9, Machines.hired()));
        assertEquals(Optional.empty(), none.recommendation().way());
        assertTrue(none.text(false).contains("Recommended: none"), none.text(false));
        assertTrue(report(new Circumstances(5e7, 1e3, true, false, 0.1, false, 7e9, Machines.hired()))
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
        for (double dollars : new double[] {1, 7, 100, 3e3, 1e4, 1e6}) {
            Estimate own = report(having(1e12, dollars)).estimates().get(0);
            assertTrue(own.isPossible(), own.toString());
            assertTrue(own.dollars() <= dollars && own.dollars() > 0.9 * Math.min(dollars, 1e4), own.toString());
        }
    }

    /// What the money buys was once refused for costing a rounding more than there was.
    @Test
    void allOfTheMoneyMayBeSpent() {
        for (int i = 1; i < 200; i++) {
            Estimate own = report(having(1e14, i * 1e5)).estimates().get(0);
            assertTrue(own.isPossible(), own.toString());
        }
    }

    @Test
    void theReasonIsTheOneThatDecides() {
        // 1 billion tokens are text enough; 6 · 7e9 · 1e9 FLOPs cost $145, 4 · 7e9 · 1.5e8 FLOPs $14.50.
        DecisionReport tuned = report(having(1e9, 20));
        assertEquals(Optional.of(Way.FINE_TUNING), tuned.recommendation().way());
        assertTrue(tuned.recommendation().reasons().get(0).contains("reading all of it is out of the question"));
        DecisionReport shown = report(having(1e9, 5));
        assertEquals(Optional.of(Way.RETRIEVAL), shown.recommendation().way());
        assertTrue(
                shown.recommendation().reasons().get(0).startsWith("to train a bought model is out of the question"));
        assertFalse(shown.text(false).contains("too little text to train on"));
        // Nothing to search, whatever there is to spend.
        assertEquals(Optional.empty(), way(having(0, 1e9)));
    }

    /// A model that is too slow is told the size that is not: 0.4 ms at 3.35 TB/s read 1.34 GB.
    @Test
    void aBoughtModelOfTheSizeThatIsNamedIsQuickEnough() {
        String slow = report(new Circumstances(3e9, 1e4, false, false, 4e-4, false, 7e9, Machines.hired()))
                .text(false);
        assertTrue(slow.contains("(--bought 6.6E8)"), slow);
        assertEquals(
                Optional.of(Way.CONTINUED),
                way(new Circumstances(3e9, 1e4, false, false, 4e-4, false, 6.6e8, Machines.hired())));
        Estimate own = report(new Circumstances(1e13, 1e7, false, false, 4e-4, false, 7e9, Machines.hired()))
                .estimates()
                .get(0);
        assertTrue(own.isPossible() && own.tokenSeconds() <= 4e-4, own.toString());
    }

    private static Circumstances owning(double tokens, int machines, double hours, double energyPrice) {
        return new Circumstances(
                tokens, 100, false, false, 0.1, false, 7e9, new Machines(machines, hours, energyPrice));
    }

    /// 50 TFLOP/s, 24 GB at 600 GB/s, 200 W.
    private static Hardware ownMachine() {
        return new Hardware("mine", 50e12, 24e9, 600e9, 0, 200, "its bill", "2026");
    }

    /// The size that is named is as good, and one that costs a tenth less is not.
    @Test
    void whereAModelOfOnesOwnBeginsToBeAsGoodIsSaid() {
        Estimate own = report(having(1e13, 1e9)).estimates().get(0);
        String said = own.formulas().stream()
                .filter(formula ->
                        formula.startsWith("as good as that from 19.6 billion parameters and 384 billion tokens"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(own.formulas()));
        double dollars =
                Double.parseDouble(said.substring(said.indexOf('$') + 1).replace(",", ""));
        Hardware hardware = HardwareTable.standard().get("H100");
        assertTrue(new Estimates(having(1e13, 1.001 * dollars), hardware).isAsGoodAsBought(), said);
        assertFalse(new Estimates(having(1e13, 0.9 * dollars), hardware).isAsGoodAsBought(), said);
    }

    /// Machines of one's own cost nothing an hour, but there are not many, and time is short.
    @Test
    void machinesOfOnesOwnAreFewAndTheirHoursToo() {
        DecisionReport one = DecisionReport.of(owning(1e12, 1, 2000, 0), ownMachine());
        Estimate own = one.estimates().get(0);
        assertTrue(own.isPossible() && own.hours() <= 2000 && own.hours() > 1990, own.toString());
        assertTrue(own.formulas().contains("its size is limited by the machine hours that there are"), own.toString());
        // 16 · 7e9 bytes on 24 GB
        String continued = String.join("; ", one.estimates().get(1).obstacles());
        assertTrue(continued.contains("112 billion bytes take 5 machines at once, and there are 1"), continued);
        assertTrue(continued.contains("machine hours, and there are 2,000"), continued);
        assertEquals(Optional.of(Way.FINE_TUNING), one.recommendation().way());
        Estimate many = DecisionReport.of(owning(1e12, 1000, 2000, 0), ownMachine())
                .estimates()
                .get(0);
        assertTrue(many.hours() > 900 * own.hours(), many.toString());
        Estimate large = DecisionReport.of(owning(1e12, 1, 1e9, 0), ownMachine())
                .estimates()
                .get(0);
        assertEquals(1, large.machines(), large.toString());
        assertTrue(
                large.formulas()
                        .contains(
                                "its size is limited by the machines' memory, at 16 bytes a parameter (ZeRO, arXiv 1910.02054)"),
                large.toString());
        // What costs nothing is drawn over hours: a curve over dollars would be flat.
        assertTrue(
                one.html().contains("machine hours of pre-training")
                        && one.html().contains("1,000 h"),
                one.html());
        assertTrue(one.plot().points().getFirst().loss().nats()
                > one.plot().points().getLast().loss().nats() + 1);
    }

    /// 4 · 7e9 · 1.5e8 FLOPs at 40 % of 50 TFLOP/s are 58.3 hours; at 200 W those are 11.7 kWh.
    @Test
    void energyIsCountedAndPriced() {
        DecisionReport report = DecisionReport.of(owning(1e9, 1, 8766, 0.3), ownMachine());
        Estimate tuning = report.estimates().get(2);
        assertEquals(58.33, tuning.hours(), 0.01);
        assertEquals(11.67, tuning.kilowattHours(), 0.01);
        assertEquals(3.5, tuning.dollars(), 0.001);
        assertTrue(report.text(false).contains("$0 an hour and 200 W at $0.30 a kilowatt hour"), report.text(false));
    }

    @Test
    void aTextCountsUpToFourTimes() {
        Estimate own = report(having(1e9, 1e9)).estimates().get(0);
        assertTrue(own.needs().startsWith("4 billion tokens"), own.needs());
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
        assertTrue(markdown.contains("| way | cost | machine hours |") && markdown.contains("\n|---|---:|"), markdown);
        for (Estimate estimate : report.estimates()) {
            String title = estimate.way().title();
            assertTrue(html.contains("<td>" + title) && markdown.contains("| " + title + " | $"), markdown);
            for (String formula : estimate.formulas()) {
                assertTrue(report.text(false).contains(formula) && markdown.contains(formula), formula);
            }
        }
    }

    @Test
    void namesFromAUsersFileAreNoMarkup() throws IOException {
        Path file = Files.writeString(folder.resolve("mine.csv"), "a<b>,50,24,600,0,200,\"me\" & you,2026\n");
        Hardware mine = HardwareTable.standard().with(file).get("a<b>");
        assertTrue(DecisionReport.of(having(1e6, 10), mine).text(true).contains("Priced on a\\<b>"));
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

        // As spreadsheets write it.
        Files.writeString(
                file, "\uFEFFName, peak, memory, bandwidth, price, power, source, date\r\nold, 2, 4,50,0,100,a,b\r\n");
        assertEquals(2e12, HardwareTable.standard().with(file).get("old").peak());

        Files.writeString(file, "ok,1,4,50,0,100,attic,2010-01\nbad,fast,4,50,0,100,attic,2010-01\n");
        assertMessage("mine.csv, line 2: peak 'fast' is no number", file);
        Files.writeString(file, "bad,-1,4,50,0,100,attic,2010-01\n");
        assertMessage("must be above 0", file);
        Files.writeString(file, "bad,Infinity,4,50,0,100,attic,2010-01\n");
        assertMessage("finite", file);
        Files.writeString(file, ",1,4,50,0,100,attic,2010-01\n");
        assertMessage("line 1: hardware must have a name", file);
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe});
        assertMessage("mine.csv: is no table", file);
        assertMessage("is a folder", folder);
    }

    @Test
    void namesAreFoundWithoutTheirHyphensAndCapitals() {
        HardwareTable table = HardwareTable.standard();
        assertEquals("H100", table.get("h100").name());
        assertEquals("A100-40", table.get("a100 40").name());
        String near = assertThrows(IllegalArgumentException.class, () -> table.get("A100"))
                .getMessage();
        assertTrue(near.contains("the nearest first: H100, A100-40") || near.contains("first: A100-40"), near);
        String typo = assertThrows(IllegalArgumentException.class, () -> table.get("h2oo"))
                .getMessage();
        assertTrue(typo.contains("the nearest first: H200"), typo);
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
        assertThrows(
                IllegalArgumentException.class,
                () -> new Circumstances(1, 1, false, false, 0, false, 7e9, Machines.hired()));
        assertThrows(IllegalArgumentException.class, () -> having(Double.POSITIVE_INFINITY, 1));
        assertThrows(IllegalArgumentException.class, () -> having(1, Double.POSITIVE_INFINITY));
        assertThrows(IllegalArgumentException.class, () -> owning(1, 0, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> owning(1, 1, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> owning(1, 1, 1, -1));
    }
}
