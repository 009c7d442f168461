package torrefy.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanTest {

    private static final String SMALL = "--vocab=300 --layers=1 --width=32 --heads=2 --context=16 --batch=4";

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    /// What is measured here is nothing to keep for the user, but for the next test.
    private String kept() {
        return "--backend=scalar --calibration-file=" + shared.resolve("calibration.txt");
    }

    private Captured plan(String options) {
        return Captured.torrefy(
                (Object[]) ("plan --calibration=0.1 " + kept() + " --out=" + folder + " " + SMALL + " " + options)
                        .strip()
                        .split(" "));
    }

    @Test
    void everythingThatARunTakesIsSaid() {
        Captured plan = plan("--tokens=6400 --watts=50 --price=3600");
        assertEquals(0, plan.code(), plan.err());
        // 300·32 + 16·32 + 12·32² + 13·32 + 2·32
        assertTrue(plan.out().contains("22,880: embedding 10,112, attention 4,224"), plan.out());
        for (String part : List.of(
                "FLOPs",
                "memory",
                "checkpoint",
                // Weights and two moments of 22,880 floats each, five times; the weights once more.
                "disk        1.46 MB: 4 checkpoints that are kept, one that is being written, the weights",
                "tokens/s",
                "100 steps of 64",
                "kWh at 50 W",
                "at 3600.00 an hour",
                "matrix products",
                "AdamW")) {
            assertTrue(plan.out().contains(part), part + " in " + plan.out());
        }
    }

    /// Grouped heads, SwiGLU, RMS norms, a head of its own: 2·300·32 of tables, and in the layer
    /// 2·32² + 2·32·16 of attention, 3·32·96 of feed-forward, 3·32 of norms.
    @Test
    void aLlamaIsForecastLikeAGpt2() {
        Captured plan = plan("--architecture=llama --kv-heads=1 --untied-head");
        assertEquals(0, plan.code(), plan.err());
        assertTrue(plan.out().contains("2 heads on 1 of keys and values"), plan.out());
        assertTrue(
                plan.out()
                        .contains("31,584: embedding 9,600, attention 3,072, feed-forward 9,216, norms 96, head 9,600"),
                plan.out());
        // Weights and two moments in 4 bytes each.
        assertTrue(plan.out().contains("checkpoint  379 kB: weights and moments"), plan.out());
        assertTrue(plan.out().contains("379 kB more, once a checkpoint was written"), plan.out());
    }

    @Test
    void aForecastIsHeldAgainstAnHonestTraining() {
        Captured plan = plan("--verify=0.3");
        assertEquals(0, plan.code(), plan.err());
        assertTrue(plan.out().contains("predicted") && plan.out().contains("its kernels timed anew"), plan.out());
    }

    private Captured propose(String options) {
        return Captured.torrefy((Object[])
                ("plan --calibration=0.01 " + kept() + " --vocab=300 --context=16 --out=" + folder + " " + options)
                        .split(" "));
    }

    /// By a law that was fitted to the user's text first.
    @Test
    void aBudgetProposesAModelAndItsLoss() throws IOException {
        Path corpus = SmallCorpus.write(folder.resolve("corpus"), 60);
        Captured plan = propose("--dollars=1 --memory=200m --price=0.5 --ladder=" + corpus + " --ladder-minutes=0.001");
        assertEquals(0, plan.code(), plan.err());
        assertEquals(
                6,
                plan.lines().stream()
                        .filter(line -> line.contains("times the text: loss"))
                        .count(),
                plan.out());
        for (String part : List.of(
                "proposal",
                "micro-batches",
                "nats a token, from",
                "6 runs on this text",
                "2404.10102",
                "tokens/s",
                "a heap of 200 MB")) {
            assertTrue(plan.out().contains(part), part + " in " + plan.out());
        }
    }

    @Test
    void budgetsThatCannotBeAreNamed() {
        propose("--dollars=1").assertRefused(1, "--price");
        propose("--hours=-1").assertRefused(1, "above 0");
        propose("--hours=1 --layers=3").assertRefused(1, "leave out --layers");
        propose("--hours=1 --tokens=3").assertRefused(1, "leave out --tokens");
        propose("--ladder=nowhere").assertRefused(1, "--ladder fits");
        assertEquals(2, propose("--memory=much").code());
    }

    @Test
    void aBudgetThatIsTooSmallIsToldTheSmallestThatWorks() {
        Captured tooShort = propose("--hours=1e-9");
        tooShort.assertRefused(1, "--hours 1.0E-9 is too little: the smallest model proposed here");
        assertTrue(
                tooShort.complaint().contains("needs") && tooShort.complaint().contains("hours"), tooShort.err());
        propose("--memory=1m").assertRefused(1, "give it --memory");
        propose("--hours=1 --memory=1m").assertRefused(1, "give it --memory");
    }

    /// A model so small that there is time to measure it whole.
    private Captured planTiny(String... more) {
        return planTiny(0.05, more);
    }

    /// @param seconds to measure
    private Captured planTiny(double seconds, String... more) {
        Stream<String> tiny = Stream.of(
                "plan",
                "--backend=scalar",
                "--calibration=" + seconds,
                "--out=" + folder,
                "--vocab=65",
                "--layers=1",
                "--width=8",
                "--context=8",
                "--batch=2");
        return Captured.torrefy(Stream.concat(tiny, Stream.of(more)).toArray());
    }

    @Test
    void whatWasMeasuredIsReusedAndWhereItCannotBeKeptThatIsSaid() throws IOException {
        Path file = folder.resolve("calibration.txt");
        Captured first = planTiny(2, "--calibration-file=" + file);
        assertEquals(0, first.code(), first.err());
        assertTrue(first.out().contains("measured now, kept in " + file), first.out());
        Captured second = planTiny(2, "--calibration-file=" + file);
        assertTrue(second.out().contains("as it was kept in"), second.out());
        Captured again = planTiny("--calibration-file=" + file, "--recalibrate");
        assertTrue(again.out().contains("measured now, kept in"), again.out());

        Files.writeString(file, "half a fi");
        Captured damaged = planTiny("--calibration-file=" + file);
        assertEquals(0, damaged.code(), damaged.err());
        assertTrue(damaged.out().contains("is damaged: the machine is measured again"), damaged.out());
        Captured nowhere = planTiny("--calibration-file=" + folder);
        assertEquals(0, nowhere.code(), nowhere.err());
        assertTrue(nowhere.out().contains("not kept"), nowhere.out());
    }

    @Test
    void argumentsThatMakeNoSenseAreNamed() {
        for (String wrong :
                List.of("--houres=1", "--hours=long", "--verify=x", "--tokens=1.5x", "--calibration=fast")) {
            Captured result = plan(wrong);
            result.assertRefused(2, wrong.substring(2, 5));
        }
        Captured.torrefy("plan", "--out=" + folder.resolve("nowhere")).assertRefused(1, "no such folder");
        Captured.torrefy("plan", "buy", "--tokens=-1", "--budget=1").assertRefused(1, "tokens and dollars");
        assertEquals(2, Captured.torrefy("plan", "buy", "--tokens=1").code());
    }

    @Test
    void buildOrBuyIsAnsweredWithReasons() throws IOException {
        Captured answer = Captured.torrefy("plan", "buy", "--tokens=5e7", "--budget=2000", "--private");
        assertEquals(0, answer.code(), answer.err());
        assertTrue(answer.out().contains("Recommended: fine-tuning"), answer.out());

        Path more = folder.resolve("more.csv");
        Files.writeString(more, "mine,50,24,600,0,200,under the table,2026-01\n");
        Path page = folder.resolve("report.html");
        Captured written = Captured.torrefy(
                "plan", "buy", "--tokens=1e5", "--budget=0", "--hardware", more, "--on=mine", "--report", page);
        assertEquals(0, written.code(), written.err());
        assertTrue(Files.readString(page).contains("<svg"), written.out());
        Captured.torrefy(
                        "plan",
                        "buy",
                        "--tokens=1",
                        "--budget=1",
                        "--hardware",
                        Files.writeString(folder.resolve("mine"), "mine,50"))
                .assertRefused(1, "mine, line 1");
        Captured.torrefy("plan", "buy", "--tokens=1", "--budget=1", "--hardware", folder.resolve("gone"))
                .assertRefused(1, "gone: no such file");
        Captured.torrefy("plan", "buy", "--tokens=1", "--budget=1", "--on=abacus")
                .assertRefused(1, "'abacus'; there are, the nearest first: A100-40, T4, L4, H100, H200");
    }

    /// The sizes stay, and what has to change for them is named with its effect.
    @Test
    void aModelThatIsTooLargeIsToldWhichKnobsItTakes() {
        String large = "plan --calibration=0.01 " + kept() + " --vocab=300 --layers=2 --width=64 --heads=2"
                + " --context=64 --batch=64 --out=" + folder;
        Captured fits = Captured.torrefy((Object[]) (large + " --memory=900m").split(" "));
        assertEquals(0, fits.code(), fits.err());
        assertTrue(fits.out().contains("fits        into a heap of 900 MB, as wanted"), fits.out());
        Captured cut = Captured.torrefy((Object[]) (large + " --memory=60m").split(" "));
        assertEquals(0, cut.code(), cut.err());
        // In the megabytes that --memory counts in, or it would seem to take more than there is.
        Matcher fitting = Pattern.compile("takes (\\d+) MB; into a heap of 60 MB it fits with (\\d+) MB")
                .matcher(cut.out());
        assertTrue(fitting.find(), cut.out());
        assertTrue(Integer.parseInt(fitting.group(1)) > 60 && Integer.parseInt(fitting.group(2)) <= 60, cut.out());
        assertTrue(cut.out().contains("instead of 64 sequences"), cut.out());
        assertTrue(cut.out().contains("the same gradient but for rounding, in a little more time"), cut.out());
        Captured.torrefy((Object[]) (large + " --memory=20m").split(" ")).assertRefused(1, "give it --memory");
    }

    @Test
    void aReportsFormFollowsItsName() throws IOException {
        Path page = folder.resolve("REPORT.HTML");
        Captured said = Captured.torrefy("plan", "buy", "--tokens=5e7", "--budget=2000", "--on=h200", "--report", page);
        assertEquals(0, said.code(), said.err());
        assertTrue(said.out().contains("Recommended: fine-tuning"), said.out());
        assertTrue(Files.readString(page).startsWith("<!DOCTYPE html>"), said.out());
        Captured.torrefy("plan", "buy", "--tokens=1", "--budget=1", "--report=/")
                .assertRefused(1, "is a folder");
    }

    @Test
    void machinesOfOnesOwnAreOneForAYearUnlessToldOtherwise() throws IOException {
        Path mine = Files.writeString(folder.resolve("own.csv"), "mine,50,24,600,0,200,its bill,2026-01\n");
        String[] own = {"plan", "buy", "--tokens=1e12", "--budget=9", "--on=mine", "--hardware=" + mine};
        Captured one = Captured.torrefy((Object[]) own);
        assertEquals(0, one.code(), one.err());
        assertTrue(one.out().contains("1 machine for 8,766 hours"), one.out());
        Captured eight = Captured.torrefy(
                Stream.concat(Stream.of(own), Stream.of("--machines=8", "--hours=100", "--energy-price=0.3"))
                        .toArray());
        assertEquals(0, eight.code(), eight.err());
        assertTrue(eight.out().contains("8 machines for 100 hours"), eight.out());
        assertTrue(eight.out().contains("200 W at $0.30 a kilowatt hour"), eight.out());
        Captured.torrefy("plan", "buy", "--tokens=1", "--budget=1", "--hours=9").assertRefused(1, "--machines");
    }

    @Test
    void knobsThatContradictEachOtherAreNamed() {
        plan("--accumulate=3").assertRefused(1, "--accumulate 3");
        Captured.torrefy("plan", "--width=32", "--heads=3").assertRefused(1, "heads");
        plan("--kv-heads=1").assertRefused(1, "--architecture llama");
        propose("--hours=1 --architecture=llama").assertRefused(1, "leave out");
        assertEquals(2, plan("--architecture=bert").code());
        plan("--watts=-1").assertRefused(1, "watts");
        plan("--tokens=0").assertRefused(1, "at least 1 token");
        Captured.torrefy("plan", "--calibration=-1").assertRefused(1, "--calibration");
        plan("--verify=0").assertRefused(1, "--verify");
    }
}
